#!/bin/sh
# Packs every published package of a built checkout into a folder: pack.sh FOLDER
set -eu
mkdir -p "$1"
cd "$(dirname "$0")/../.."
node -e '
  const { readFileSync } = require("fs");
  const read = (folder) => JSON.parse(readFileSync(`${folder}/package.json`));
  for (const folder of read(".").workspaces) if (!read(folder).private) console.log(`--workspace=${folder}`);
' | xargs npm pack --silent --pack-destination "$1"
