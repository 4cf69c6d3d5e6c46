#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# oci-in confines container images that try to escape from the destination, and a damaged image
# changes nothing.
. "${0%/*}/lib-write.sh"
make=$ANYFS_TOP/tests/write/make-oci.py
make_fs ext4
echo secret | run anyfs put "$img" - /secret
run anyfs mkdir -p "$img" /in/here

echo "whiteouts and entries stay in the destination"
python3 "$make" hostile hostile
code=0
anyfs oci-in --json "$img" hostile /in/here >result 2>err || code=$?
[ $code -eq 1 ] || fail "exit $code: $(cat err)"
cat err
run anyfs cat "$img" /secret | expect secret
[ "$(anyfs stat --format %h "$img" /secret)" = 1 ] || fail "a hard link to a file outside"
anyfs ls "$img" / >top
expect $'in\nlost+found\nsecret' <top
anyfs ls "$img" /in | expect here
for f in absolute via-link good; do
	run anyfs cat "$img" "/in/here/$f" >/dev/null
done
for text in '\.\./dotdot: not extracted: ".." would escape' \
	'hard: not extracted: it is a hard link to "../secret", which is outside' \
	' \.\./\.wh\.secret: not applied: ".." would escape' \
	'a/\.\./\.\./\.wh\.secret: not applied: ".." would escape' \
	'out/.*\.wh\.secret: not applied: ".." would escape' \
	' \.wh\.\.: not applied: the whiteout names no file' \
	' \.wh\.\.\.: not applied: the whiteout names no file' \
	' \.wh\.: not applied: the whiteout names no file'; do
	grep -q "^anyfs: $img: $text" err || grep -q "^anyfs: .*$text" err || fail "no \"$text\" in: $(cat err)"
done
[ "$(wc -l <err)" -eq 8 ] || fail "other failures: $(cat err)"
check_fs ext4

echo "a damaged image is reported in one line, and changes nothing"
python3 "$make" damaged damaged
make_fs ext4
damaged() {
	refuse "damaged/$1|$2" anyfs oci-in "$img" "damaged/$1"
	anyfs ls "$img" / | expect lost+found
}
damaged digest "blobs/sha256/|damaged: its content has another digest than sha256:"
damaged stream "layer 2"
damaged size "damaged: it has |bytes, not "
damaged missing "this part of the image is missing"
damaged link "it is a symbolic link"
damaged fifo "not a regular file"
damaged manifest "has another digest"
damaged diff "layer 2|damaged: its uncompressed content has another digest than sha256:0000"
damaged count "it has digests of 1 layers, but the manifest has 2"
damaged config 'it has no "rootfs"'
damaged escape "has no digest of SHA-256"
damaged type "layers of the type application/vnd.oci.image.layer.v1.tar+encrypted are not supported"
damaged json "not valid JSON"
damaged cut "not valid JSON: unexpected end"
damaged empty "not valid JSON"
damaged deep "not valid JSON"
damaged number 'it has no "manifests"'
damaged none "it has no image"
damaged loop "too many indexes"
damaged no-index "neither an OCI image layout nor a docker archive"

echo "archives"
python3 "$make" docker docker.tar
head -c 30000 docker.tar >cut.tar
head -c 20000 /dev/urandom >noise
: >empty.tar
for file in cut.tar noise empty.tar; do
	refuse "$file" anyfs oci-in "$img" $file
done
anyfs ls "$img" / | expect lost+found

echo "an image that cannot be opened gives exit status 3, wrong usage 2"
status() {
	local code=0 want=$1
	shift
	"$@" 2>err || code=$?
	[ $code -eq "$want" ] || fail "exit $code: $*"
	[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
}
status 3 anyfs oci-in "$img" none
grep -q '^anyfs: none: cannot be opened: No such file' err || fail "$(cat err)"
status 3 anyfs oci-in "$img" /dev/null
status 3 anyfs oci-in none.img docker.tar
status 2 anyfs oci-in "$img"
status 1 anyfs oci-in "$img" docker.tar /none

echo "a full file system is reported"
make_fs ext4 4M
mkdir big
head -c 8M /dev/urandom >big/file
tar -C big -cf big.tar .
python3 - "$make" <<'END'
import hashlib, json, sys, tarfile, io
data = open("big.tar", "rb").read()
config = json.dumps({"os": "linux", "architecture": "amd64", "rootfs": {
    "diff_ids": ["sha256:" + hashlib.sha256(data).hexdigest()]}}).encode()
with tarfile.open("full.tar", "w") as tar:
    for name, content in [("layer.tar", data), ("config.json", config), ("manifest.json", json.dumps(
            [{"Config": "config.json", "Layers": ["layer.tar"]}]).encode())]:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
END
refuse "file: not extracted, stopping here: No space left" anyfs oci-in "$img" full.tar
check_fs ext4
