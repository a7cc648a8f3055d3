#!/bin/sh
# Tries the steps of the Containerfile in a root made by debootstrap, where no image can be pulled: as root, in a built checkout.
#   try-in-root.sh FOLDER      makes FOLDER/base, FOLDER/root and FOLDER/tarballs, about 1 GB; remove FOLDER afterwards
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1
root=$work/root
sh "$here/make-root.sh" "$work/base"
rm -rf "$root" "$work/tarballs"
cp -a "$work/base" "$root"

sh "$here/pack.sh" "$work/tarballs"
mkdir -p "$root/tmp/container" "$root/tmp/tarballs"
cp "$here"/*.sh "$root/tmp/container/"
cp "$work/tarballs"/*.tgz "$root/tmp/tarballs/"
NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt chroot "$root" sh /tmp/container/install.sh /tmp/tarballs /opt/tiepoint
chroot "$root" sh /tmp/container/prepare.sh
rm -r "$root/tmp/container" "$root/tmp/tarballs" "$root/root/.npm"
# One by one: du counts nothing twice.
for counted in "$root/opt/tiepoint" "$root/usr/local" "$root"; do du -s -BMB --apparent-size "$counted"; done

# As `podman run` would: user 10001, in /data, with the entry point.
cp "$here/../../release/trial/library.js" "$root/opt/tiepoint/library.mjs"
run() { chroot --userspec=10001:10001 "$root" sh -c "cd /data && $1"; }
run 'node /opt/tiepoint/library.mjs'
run 'tiepoint --version'
run 'tiepoint register reference.tif sensed.tif registered.tif --report report.html'
run 'test "$(id -u)" = 10001 && test -s registered.tif && ! touch /opt/tiepoint/x 2>/dev/null'
# What is kept of the WebAssembly engine is enough where the native one fails.
rm -r "$root/opt/tiepoint/node_modules/onnxruntime-node"
run 'tiepoint register reference.tif sensed.tif by-wasm.tif 2>&1 | tee by-wasm.log && grep -q wasm by-wasm.log && test -s by-wasm.tif'
echo "ok: the steps of the Containerfile hold"
