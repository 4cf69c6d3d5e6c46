#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# docs/fleets/slurm.sbatch runs as an array job of a real Slurm with one node: every image gets one
# result, and a second job continues a cancelled one.  "make test-slurm" installs Slurm.
. "${0%/*}/lib-fleet.sh"
fleets=$ANYFS_TOP/docs/fleets
for daemon in slurmctld slurmd munged; do
	command -v $daemon >/dev/null || skip "Slurm is not installed: make test-slurm"
done
make_images 30
ls -d "$PWD"/images/* >list
echo "$PWD/images/missing.img" >>list
user=$(id -un)
host=$(hostname -s)
mkdir -m 755 state spool munge
port=$((20000 + RANDOM % 20000))

# A Slurm of one user on one machine, whose daemons write only to this directory.
(umask 077 && head -c 1024 /dev/urandom >munge/key)
cat >slurm.conf <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$PWD/munge/socket
CredType=cred/munge
StateSaveLocation=$PWD/state
SlurmdSpoolDir=$PWD/spool
SlurmctldPidFile=$PWD/slurmctld.pid
SlurmdPidFile=$PWD/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
KillWait=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF=$PWD/slurm.conf

# start COMMAND...: run a daemon until the test ends.
start() {
	"$@" >"$1.log" 2>&1 &
	at_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
}
start munged --foreground --force --key-file="$PWD/munge/key" --socket="$PWD/munge/socket" \
	--pid-file="$PWD/munge/pid" --log-file="$PWD/munge/log" --seed-file="$PWD/munge/seed" \
	--num-threads=2
wait_for test -S munge/socket
start slurmctld -D
start slurmd -D -N "$host"
node_is_idle() { sinfo -h -o %T 2>/dev/null | grep -q idle; }
wait_for node_is_idle

# ended JOB: wait until no task of the job runs.  Slurm runs a command when the job has ended.
ended() {
	timeout 120 srun --quiet --dependency="afterany:$1" true ||
		fail "the job has not ended: $(squeue 2>&1; tail slurm*.log)"
}
# Jobs get the environment of this test, so they find anyfs.
submit() { sbatch --parsable --output="$PWD/job-%a.log" "$@" || fail "sbatch $*"; }

echo "An array of four tasks:"
job=$(submit --array=1-4 "$fleets/slurm.sbatch" "$PWD/list" "$PWD/results" hash)
ended "$job"
check_results results 4

echo "A job that was cancelled continues; its task numbers need not begin with 1:"
silent_server
mkdir later
for i in 1 2 3; do cp --sparse=always "$img" later/$i.img; done
{ ls -d "$PWD"/later/*; echo "http://$silent/x.img"; } >list
job=$(submit --array=7-8 "$fleets/slurm.sbatch" "$PWD/list" "$PWD/second" hash)
lines() { cat second/results-*.jsonl 2>/dev/null | wc -l; }
three_done() { [ "$(lines)" -eq 3 ]; }
wait_for three_done
run scancel "$job"
ended "$job"
three_done || fail "$(cat second/results-*.jsonl)"
sort second/results-*.jsonl >before
job=$(submit --array=7-8 "$fleets/slurm.sbatch" "$PWD/list" "$PWD/second" hash --time-limit 2)
ended "$job"
sort second/results-*.jsonl >after
comm -23 before after | expect ""
comm -13 before after | grep -c '"status": "time-out"' | expect 1
expect 4 < <(lines)
