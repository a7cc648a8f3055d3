#!/bin/sh
# Installs packed packages as a user's npm would, without install scripts, and leaves out what this machine never loads:
# install.sh TARBALLS FOLDER
set -eu
mkdir -p "$2"
cd "$2"
echo '{ "private": true }' > package.json
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error "$1"/*.tgz

# Engines of other systems and processors.
arch=$(node -p process.arch)
find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 2 -type d ! -name linux -exec rm -r {} +
find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d ! -name "$arch" -exec rm -r {} +
# The native engine computes here. Of the WebAssembly one, which takes over where it fails, the build that Node loads is kept.
find node_modules -name '*.map' -delete
find node_modules/onnxruntime-web/dist \( -name '*jsep*' -o -name '*jspi*' -o -name '*asyncify*' -o -name '*webgpu*' -o -name '*webgl*' \) -delete
