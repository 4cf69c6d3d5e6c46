#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# docs/fleets/parallel.sh runs a verb on every image once; a second run skips the images that
# have results.  The command of docs/fleets/kubernetes.yaml also gives every image one result.
. "${0%/*}/lib-fleet.sh"
fleets=$ANYFS_TOP/docs/fleets
requires parallel --version
make_images 10
ls -d "$PWD"/images/* >list
echo "$PWD/images/missing.img" >>list

export SHARDS=4
code=0
"$fleets/parallel.sh" list results hash >output 2>err || code=$?
[ "$code" -ne 0 ] || fail "exit 0 though images failed"
check_results results 4
grep -c 'images, 0 of them in earlier runs' output | expect 4
sort results/results-*.jsonl >before
"$fleets/parallel.sh" list results hash >output 2>err || true
grep -vc 'images, 0 of them in earlier runs' output | expect 4
sort results/results-*.jsonl | same before -

echo "{} in the verb is the name of an image, and options are those of parallel."
"$fleets/parallel.sh" list braces 'cat {} /file' --jobs 1 >output 2>err || true
[ "$(cat braces/*.img-*.out | grep -c hello)" -eq 10 ] || fail "$(cat err braces/*.err)"
refuse_usage() {
	code=0
	"$@" 2>err || code=$?
	[ "$code" -eq 2 ] && grep -q "^usage: " err || fail "$*: exit $code: $(cat err)"
}
refuse_usage "$fleets/parallel.sh" list results
refuse_usage "$fleets/slurm.sbatch" list

echo "Kubernetes: the number of parts is the number of completions."
parts=$(sed -n 's/^  completions: //p' "$fleets/kubernetes.yaml")
grep -q -- "--shard auto/$parts " "$fleets/kubernetes.yaml" || fail "not $parts parts"
# The command of the container, with the paths of this test and two parts.
sed -n '/- >-/,/resources/p' "$fleets/kubernetes.yaml" | sed '1d; $d' | tr -s '\n ' ' ' |
	sed "s,/data/images.txt,list,; s,/data/results,index,; s,auto/$parts,auto/2," >command.sh
grep -q 'anyfs scan --list list --out index .* --shard auto/2' command.sh || fail "$(cat command.sh)"
for i in 0 1; do JOB_COMPLETION_INDEX=$i run sh -e command.sh; done
check_results index 2
