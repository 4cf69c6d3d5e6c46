#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# A path of the image may be a pattern; a path that exists literally is not a pattern.
. "${0%/*}/../lib.sh"
mkdir -p tree/etc/a tree/etc/b tree/odd/x tree/vat
for name in one.conf two.conf ü.conf .hidden.conf notes; do
	echo "$name" >"tree/etc/$name"
done
echo deep >tree/etc/a/deep.conf
echo deeper >tree/etc/b/deep.conf
echo star >'tree/odd/*'
echo other >tree/odd/other
echo x >'tree/odd/[x]'
echo boot >tree/vat/boot
image_gpt tree/vat tree

anyfs cat "$img" '/p2/etc/*.conf' | expect $'one.conf\ntwo.conf\nü.conf'
anyfs cat "$img" '/p2/etc/?.conf' | expect 'ü.conf'
anyfs cat "$img" 'p*/etc/[!a-n]*.conf' | expect $'one.conf\ntwo.conf\nü.conf'
anyfs cat "$img" '/p2/*/?/deep.conf' | expect $'deep\ndeeper'
anyfs cat "$img" '/p2/etc/.h*' | expect '.hidden.conf'
anyfs ls "$img" '/p2/etc/*/' | expect $'/p2/etc/a/:\ndeep.conf\n\n/p2/etc/b/:\ndeep.conf'
anyfs stat --json "$img" '/p2/etc/t*' '/p2/etc/n*' >two.json
python3 -c 'import json; print([e["path"] for e in json.load(open("two.json"))])' |
	expect "['/p2/etc/two.conf', '/p2/etc/notes']"

# A path that exists is taken literally, and a backslash makes a character ordinary.
anyfs cat "$img" '/p2/odd/*' '/p2/odd/[x]' | expect $'star\nx'
anyfs ls "$img" '/p2/od?/\*' | expect '/p2/odd/*'
run anyfs rm "$img" '/p2/odd/*'
anyfs ls "$img" /p2/odd | expect $'[x]\nother\nx'

refuse "/p2/etc/*.cfg|no path matches|--no-glob" anyfs cat "$img" '/p2/etc/*.cfg'
refuse "no path matches" anyfs rm -f "$img" '/p2/none/*'
refuse "/p2/etc/t*|No such file" anyfs cat --no-glob "$img" '/p2/etc/t*'
refuse "3 paths match" anyfs get "$img" '/p2/etc/*.conf' one-name
[ ! -e one-name ] || fail "a file was made for three"
run anyfs get "$img" '/p2/etc/t*' one-name
same one-name tree/etc/two.conf

# hash takes all paths that match; tar-out, diff and verify need exactly one.
run anyfs hash "$img" '/p2/etc/[nt]*' p2/etc/a | cut -f1 |
	expect $'p2/etc/notes\np2/etc/two.conf\np2/etc/a/deep.conf'
run anyfs hash "$img" '/p2/etc/tw*' | cut -f1 | expect 'p2/etc/two.conf'
run anyfs hash "$img" /p2/etc/two.conf | cut -f1 | expect 'two.conf'
run anyfs hash --format sha256sum "$img" '/p2/etc/*' >list
run anyfs verify "$img" list | expect ""
run anyfs hash --format mtree "$img" '/p2/etc/[ab]' | cut -d' ' -f1 |
	expect $'#mtree\n./p2/etc/a\n./p2/etc/a/deep.conf\n./p2/etc/b\n./p2/etc/b/deep.conf'
refuse "/p2/x*|no path matches" anyfs hash "$img" '/p2/x*'
refuse "/p2/etc/t*|No such file" anyfs hash --no-glob "$img" '/p2/etc/t*'
run anyfs tar-out "$img" '/p2/e*c' | tar -t | matches '^notes$' || fail "the pattern has no tree"
refuse "/p2/etc/*.conf|3 paths match" anyfs tar-out "$img" '/p2/etc/*.conf'
refuse "no path matches" anyfs tar-out "$img" '/p2/x*'
run anyfs diff "$img:/p2/e*" "$img:/p2/etc" | expect ""
refuse "2 paths match" anyfs diff "$img:/p2/etc/[ab]" "$img:/p2/etc"
run anyfs hash "$img" /p2/etc >list
run anyfs verify "$img" list '/p2/e*' | expect ""

# Verbs that write.
mkdir out
run anyfs get "$img" '/p2/etc/*.conf' out
(cd out && printf '%s\n' *) | expect $'one.conf\ntwo.conf\nü.conf'
run anyfs chmod "$img" 600 '/p2/etc/*.conf'
anyfs ls -l "$img" '/p2/etc/*.conf' | grep -c '^-rw-------' | expect 3
anyfs ls -l "$img" '/p2/etc/.hidden.conf' | grep -c '^-rw-r--r--' | expect 1
run anyfs mv "$img" '/p2/etc/*.conf' /p2/etc/a
anyfs ls "$img" /p2/etc/a | expect $'deep.conf\none.conf\ntwo.conf\nü.conf'
run anyfs rm -r "$img" '/p2/etc/[ab]'
anyfs ls "$img" /p2/etc | expect $'.hidden.conf\nnotes'
