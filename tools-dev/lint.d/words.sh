#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Words that tell of unfinished work, and names of one person's machine.  The
# patterns are spelled so that they do not find themselves.
words='\bTO[D]O\b|\bXX[X]\b|\bfor [n]ow\b|\bst[u]bs?\b|\bplace[h]olders?\b'
places='/wor[k]/|/tmp/k[s]\b|/hom[e]/[a-z]'
bad=0
if git grep --untracked -nIiE "$words" -- . ':!LICENSE'; then
	echo "words: say what is, or do it"
	bad=1
fi
if git grep --untracked -nIE "$places" -- . ':!LICENSE'; then
	echo "words: paths of one machine"
	bad=1
fi
exit $bad
