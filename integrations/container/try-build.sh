#!/bin/sh
# Builds the Containerfile itself where no image can be pulled, and runs what comes out: as root, with Debian's buildah and
# debootstrap. Its base image is a root made by make-root.sh, under the name that FROM asks for.
#   try-build.sh FOLDER        makes FOLDER/base and FOLDER/images, about 4 GB; remove FOLDER afterwards
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
work=$1
sh "$here/make-root.sh" "$work/base"
work=$(cd "$work" && pwd)
run_buildah() { buildah --storage-driver vfs --root "$work/images" --runroot "$work/run" "$@"; }

tar --numeric-owner --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' --exclude='./var/cache/apt/*' \
  --exclude='./var/lib/apt/lists/*' -C "$work/base" -cf "$work/base.tar" .
printf 'FROM scratch\nADD base.tar /\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt\n' > "$work/Containerfile"
run_buildah bud --isolation chroot -f "$work/Containerfile" -t docker.io/library/node:24-bookworm-slim "$work"
rm "$work/base.tar"

run_buildah bud --isolation chroot --pull-never -t tiepoint "$source"
run_buildah images
user=$(run_buildah inspect --type image --format '{{.OCIv1.Config.User}} {{.OCIv1.Config.WorkingDir}} {{.OCIv1.Config.Entrypoint}}' tiepoint)
[ "$user" = '10001 /data [tiepoint]' ] || { echo "user, folder and entry point are $user"; exit 1; }

# The pair that library.js makes, registered by the entry point as the image's user.
container=$(run_buildah from --pull-never localhost/tiepoint)
root=$(run_buildah mount "$container")
du -s -BMB --apparent-size "$root/opt/tiepoint"
cp "$source/release/trial/library.js" "$root/opt/tiepoint/library.mjs"
in_container() { run_buildah run --isolation chroot "$container" -- "$@"; }
in_container node /opt/tiepoint/library.mjs
in_container tiepoint register reference.tif sensed.tif registered.tif
in_container sh -c 'test "$(id -u)" = 10001 && test -s /data/registered.tif && ! touch /opt/tiepoint/x 2>/dev/null'
run_buildah rm "$container" > "$work/removed"
echo "ok: the Containerfile builds, and what it builds registers"
