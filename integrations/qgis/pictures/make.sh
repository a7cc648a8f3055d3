#!/bin/sh
# Makes docs/images/qgis-*.webp: opens Register's dialog in QGIS on the demo's images, runs it, matches, and takes pictures of
# the screen. Needs Debian's QGIS and xvfb, a built checkout, and `npm run demo` before.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
# Not under /tmp: QGIS marks what lies there as temporary, and the pictures show the name.
work=/var/tmp/tiepoint
mkdir -m 700 "$work"
trap 'rm -r "$work"' EXIT
cp "$root/demo/elevation/reference.tif" "$work/optical.tif"
cp "$root/demo/elevation/sensed.png" "$work/elevation.png"

# A profile of its own, as on the first day, but with the plugins on.
mkdir -p "$work/profiles/default/QGIS"
cat > "$work/profiles/default/QGIS/QGIS3.ini" <<INI
[PythonPlugins]
processing=true
tiepoint_provider=true
INI

cd "$work"
HOME=$work XDG_RUNTIME_DIR=$work QGIS_PLUGINPATH=$root/integrations/qgis TIEPOINT_COMMAND=$root/packages/tiepoint/bin/tiepoint.js \
  PICTURES=$work timeout 90 xvfb-run -a -s '-screen 0 1180x760x24' \
  qgis --nologo --noversioncheck --profiles-path "$work" --code "$here/in_qgis.py" optical.tif elevation.png > qgis.log 2>&1 ||
  { cat failed qgis.log 2> /dev/null; exit 1; }

cd "$root"
node --input-type=module -e '
  import sharp from "sharp";
  const [folder] = process.argv.slice(1);
  for (const name of ["dialog", "tie-points"])
    await sharp(`${folder}/${name}.png`).webp({ quality: 80 }).toFile(`docs/images/qgis-${name}.webp`);
' "$work"
ls -l docs/images/qgis-*.webp
