#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# anyfs edit changes a file with sed or an editor, like sed -i on the host, and keeps its owner,
# mode, attributes and ACLs.  An editor that fails or changes nothing leaves the image unchanged.
. "$ANYFS_TOP/tests/write/lib-write.sh"

make_fs ext4 32M
printf 'root:x:0\nuser:x:1000\n' >passwd
cp passwd expected
run anyfs put "$img" passwd /
run anyfs chown "$img" 12:34 /passwd
run anyfs chmod "$img" 4640 /passwd
run anyfs setfattr -n user.note -v text "$img" /passwd
run anyfs ln -s "$img" passwd /link
export TMPDIR=$PWD/tmp
mkdir tmp
no_copies() { [ -z "$(ls -A tmp)" ] || fail "left behind: $(ls -A tmp)"; }
unchanged() { [ "$(sha256sum <"$img")" = "$sum" ] || fail "the image was written to"; no_copies; }

echo "sed"
sed -i -e 's/^user/USER/' -e '1d' expected
run anyfs edit -e 's/^user/USER/' -e 1d "$img" /link
anyfs cat "$img" /passwd | cmp - expected
sed -i -E 's/([0-9])+/<\1>/' expected
run anyfs edit -E -e 's/([0-9])+/<\1>/' "$img" /passwd
anyfs cat "$img" /passwd | cmp - expected
anyfs find "$img" /passwd -perm 4640 -uid 12 -gid 34 -xattr user.note | expect /passwd
anyfs find "$img" / -type l | expect /link
no_copies

echo "an editor"
cat >editor <<'END'
#!/bin/sh
[ "$1" = --wait ] || exit 9
echo "edited: ${2##*/}" >"$2"
END
chmod +x editor
unset VISUAL
EDITOR="$PWD/editor --wait" run anyfs edit "$img" /passwd
anyfs cat "$img" /passwd | expect "edited: passwd"
no_copies

echo "nothing is written"
sum=$(sha256sum <"$img")
EDITOR=true anyfs edit "$img" /passwd 2>err || fail "exit $?"
expect "anyfs: $img: /passwd: not changed: the edited text is the same" <err
unchanged
EDITOR=false refuse "/passwd: not changed: the editor ended with exit code 1" anyfs edit "$img" /passwd
unchanged
VISUAL=/no-such-editor anyfs edit "$img" /passwd 2>err && fail "no editor, but exit 0"
unchanged
anyfs edit -e 's/(/x' "$img" /passwd 2>err && fail "a wrong expression, but exit 0"
grep -q "/passwd: not changed: sed ended with exit code 1" err || fail "says: $(cat err)"
unchanged
refuse "/missing: No such file" anyfs edit -e s/a/b/ "$img" /missing
refuse "not a regular file" anyfs edit -e s/a/b/ "$img" /lost+found
unchanged

echo "changed meanwhile"
cat >editor <<'END'
#!/bin/sh
echo other | anyfs put "$IMG" - /passwd
echo mine >"$1"
END
IMG=$img EDITOR=$PWD/editor anyfs edit "$img" /passwd 2>err && fail "changed meanwhile, but exit 0"
grep -q "something else has changed it meanwhile" err || fail "says: $(cat err)"
anyfs cat "$img" /passwd | expect other
cat tmp/*/passwd | expect mine
check_fs ext4
