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
find node_modules -name '*.map' -delete
# The native engine computes here. Of the WebAssembly one, which takes over where it fails, the build that Node loads is kept.
find node_modules/onnxruntime-web/dist -type f ! \( -name 'ort.node.*' -o -name 'ort-wasm-simd-threaded.mjs' -o -name 'ort-wasm-simd-threaded.wasm' \) -delete
# HDF5 for browsers.
rm -rf node_modules/h5wasm/dist/esm node_modules/h5wasm/dist/iife
