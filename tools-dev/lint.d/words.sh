#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# Find words that mark unfinished work, and paths of one person's machine.  The patterns are
# written so that they do not match themselves.  One of the words is also the name of the hint in
# a text field of HTML and CSS, where `=' or `::' is beside it.
words='\bTO[D]O\b|\bXX[X]\b|\bfor [n]ow\b|\bst[u]bs?\b|(^|[^:])\bplace[h]olders?\b([^=]|$)'
places='/wor[k]/|/tmp/k[s]\b|/hom[e]/[a-z]'
bad=0
if git grep --untracked -nIiE "$words" -- . ':!LICENSE'; then
	echo "words: finish the work, or describe the present state"
	bad=1
fi
if git grep --untracked -nIE "$places" -- . ':!LICENSE'; then
	echo "words: remove the paths of one machine"
	bad=1
fi
exit $bad
