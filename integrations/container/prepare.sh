#!/bin/sh
# The user and the command of the image.
set -eu
useradd --uid 10001 --create-home --shell /usr/sbin/nologin tiepoint
ln -s /opt/tiepoint/node_modules/.bin/tiepoint /usr/local/bin/tiepoint
mkdir -p /data
chown 10001:10001 /data
