#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Each character set of the kernel shows a name that vfat stores in Unicode with the
# same bytes as Python's codec.
. "${0%/*}/../lib.sh"
requires mkfs.vfat --help

run anyfs info --features --json >features.json
# For each character set: its name, a file name in UTF-8, and the same name in the set, in hex.
python3 - features.json >names <<-'END'
	import codecs, json, sys
	others = {"maccenteuro": "mac_latin2", "maccroatian": "mac_croatian", "macgreek": "mac_greek",
	          "maccyrillic": "mac_cyrillic", "maciceland": "mac_iceland",
	          "macromanian": "mac_romanian", "macturkish": "mac_turkish", "macroman": "mac_roman"}
	for name in json.load(open(sys.argv[1]))["charsets"]:
	    codec = others.get(name, name)
	    try:
	        codecs.lookup(codec)
	    except LookupError:
	        print(name, "ascii", b"ascii".hex())        # Python has no such codec
	        continue
	    letters = ""
	    for code in range(0xa1, 0x10000):
	        char = chr(code)
	        if len(letters) == 5 or not (char.isupper() or code >= 0x5d0 and char.isalpha()):
	            continue
	        try:
	            data = char.encode(codec)
	        except UnicodeEncodeError:
	            continue
	        if len(data) == 1 or code > 0x4e00 and data.decode(codec) == char:
	            letters += char
	    # No digits: iso8859-6 of the kernel has Arabic ones in their place.
	    letters = letters or "ascii"
	    print(name, letters, letters.encode(codec).hex())
END
[ "$(wc -l <names)" -ge 48 ] || fail "too few: $(cat names)"
[ "$(grep -vc " ascii " names)" -ge 43 ] || fail "too few with letters: $(cat names)"

scratch_image 16M
mkfs.vfat "$img" >mkfs.log
mkdir files
while read -r _ text _; do echo "$text" >"files/$text"; done <names
run anyfs put "$img" files/. /
run anyfs ls "$img" / >shown
ls files >put
same put shown			# utf8 is the default
while read -r charset text bytes; do
	run anyfs ls -o "utf8=no,iocharset=$charset" "$img" / >shown
	python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]) + b"\n")' "$bytes" >wanted
	grep -aqxFf wanted shown || fail "$charset: no $text ($bytes)"
done <names
