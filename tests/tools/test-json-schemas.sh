#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The output of each verb with --json conforms to docs/json/VERB.schema.json, and each verb with
# --json has a schema.  --json-lines prints the same objects, one per line.
. "${0%/*}/../lib.sh"
requires python3 -c 'import jsonschema'
requires setfacl --version
mkdir -p tree/dir other
echo hello >tree/file
echo hello >"tree/dir/na\"me"
printf 'x' >"$(printf 'tree/dir/\xff\n')"
ln -s file tree/link
mkfifo tree/fifo
mkdir plain
echo hello >plain/file
image_gpt plain plain
image_ext4 tree one.img
one=$PWD/one.img
image_ext4 other two.img
two=$PWD/two.img
head -c 4096 /dev/zero >junk.img
schemas=$ANYFS_TOP/docs/json

while read -r verb; do
	anyfs "$verb" --help | grep -q -- '  --json  ' || continue
	[ -f "$schemas/$verb.schema.json" ] || fail "$verb has --json, but no schema"
	echo "$verb" >>wanted
	anyfs "$verb" --help | grep -q -- '  --json-lines  ' && echo "$verb" >>with-lines
done < <(anyfs help | sed -n 's/^  \([a-z-]*\)  *.*/\1/p')

n=0
# output VERB ARGS...: keep the JSON that the verb prints, whether it fails or not.
output() {
	local verb=$1 file
	shift
	n=$((n + 1))
	file=$(printf '%02d' $n)-$verb.json
	anyfs "$verb" --json "$@" >"$file" 2>/dev/null </dev/null || true
	if grep -qx -e "$verb" with-lines; then
		anyfs "$verb" --json-lines "$@" >"${file}l" 2>/dev/null </dev/null || true
	fi
	echo "$verb" >>tried
}
anyfs hash --format sha256sum "$one" >manifest
run anyfs setfattr -n user.a -v b "$one" /file
run anyfs setfacl -m u:7:rw "$one" /file
run anyfs setcap "$one" cap_chown=ep /file
for verb in ls tree find stat hash timeline getfattr getfacl getcap extents blocks lsattr du df; do
	output $verb "$one" /
	output $verb "$one" /file /none
	output $verb none.img /
done
output ls -lR "$one" /
output getcap -r "$one" /
output stat "$one" /link /fifo /dir '/dir/*'
output grep hello "$one" /file
output grep -c hello "$one" /file
output grep -l hello "$one" /file
output grep -r x "$one" /
output verify "$two" manifest
output verify "$one" manifest
output diff "$one" "$two"
output diff "$one" other
output diff "$one" none
for image in disk.img "$one" junk.img none.img; do
	output parts "$image"
	output info "$image"
done
output info --features
mkdir got
output get "$one" / got
output get "$one" /none got
output put "$two" tree/file tree/none /
output copy tree "$two:/copied"
output copy "$one:/none" got
output mkdir "$two" /d /d
output cp "$two" /file /d
output mv "$two" /d/file /d/moved
output ln -s "$two" moved /d/link
output chmod "$two" 600 /d/moved /none
output chown "$two" 1:2 /d/moved
output touch "$two" /touched
output truncate -s 3 "$two" /touched
output chattr "$two" +A /touched
output setfattr -n user.x -v y "$two" /touched
output setfacl -m u:1:r "$two" /touched
output setcap "$two" cap_kill=p /touched
output edit -e s/hello/bye/ "$two" /file
output sync "$two"
output fsync "$two" /file
output rm "$two" /touched /none
output mkdisk new.img 8M
output mkfs new.img ext4
output fsck new.img
output fsck disk.img /none
output fsck --repair junk.img
for verb in label uuid; do
	output $verb new.img /
	output $verb new.img /none
done
output label new.img / name
output uuid new.img / random
output tune new.img / -- -c 1
output resize new.img / 1G
output resize new.img /
output tar-in "$two" /
python3 "$ANYFS_TOP/tests/write/make-oci.py" layout layout
output oci-in "$two" layout
output oci-in --ref none "$two" layout
output oci-out "$two" image
output oci-out "$two:/none" image.tar
sort -u wanted | comm -23 - <(sort -u tried) | expect ""

python3 - "$schemas" [0-9]*.json <<'END'
import glob, json, os, re, sys
import jsonschema

directory = sys.argv[1]
for path in glob.glob(directory + "/*.json"):
    schema = json.load(open(path))
    jsonschema.Draft202012Validator.check_schema(schema)
checked = compared = 0
for name in sys.argv[2:]:
    verb = re.match(r"\d+-(.*)\.json", name)[1]
    text = open(name).read()
    if not text:
        continue
    schema = json.load(open(f"{directory}/{verb}.schema.json"))
    resolver = jsonschema.RefResolver(f"file://{directory}/", schema)
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    data = json.loads(text)
    if os.path.exists(name + "l"):
        lines = [json.loads(line) for line in open(name + "l")]
        if verb == "tree":
            validator.validate(lines)
        elif lines != data:
            sys.exit(f"{name}l: {lines}, not {data}")
        compared += len(lines) > 1
    for error in validator.iter_errors(data):
        best = jsonschema.exceptions.best_match([error])
        sys.exit(f"{name}: {best.message} at {list(best.absolute_path)}")
    checked += 1
    # A schema that allows everything would test nothing.
    if validator.is_valid({"unknown": 1}) or validator.is_valid([{"path": 1}]):
        sys.exit(f"{verb}: the schema allows everything")
if checked < 60 or compared < 12:
    sys.exit(f"only {checked} outputs, {compared} of them also in lines")
END
