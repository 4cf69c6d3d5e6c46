#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The Linux kernel's own clients, in a virtual machine, use the servers: NFS 4.0, 4.1 and 4.2,
# and SMB 3.1.1.  `make test-clients` fetches the kernel.
. "${0%/*}/lib-serve.sh"
clients=$ANYFS_BUILD/clients
[ -e "$clients/complete" ] || skip "the kernel of the clients is not there: make test-clients"
requires qemu-system-x86_64 --version
requires cpio --version
export ALICE=secret

# A root with busybox and the modules; $1 is the script that the machine runs.
make_initrd() {
	local version=${kernel##*/vmlinuz-} modules=$clients/lib/modules part
	modules=$modules/$version
	mkdir -p root/{bin,proc,sys,dev,mnt,tmp} "root/lib/modules/$version"
	cp "$clients/bin/busybox" root/bin/
	cp "$modules"/modules.{builtin,builtin.modinfo,order} "root/lib/modules/$version/"
	for part in fs/nfs fs/nfs_common fs/lockd fs/smb fs/fscache fs/netfs fs/nls net/sunrpc \
		net/dns_resolver net/core drivers/net/virtio_net.ko drivers/net/net_failover.ko \
		drivers/virtio crypto lib arch/x86/crypto; do
		[ -e "$modules/kernel/$part" ] || continue
		mkdir -p "root/lib/modules/$version/kernel/${part%/*}"
		cp -r "$modules/kernel/$part" "root/lib/modules/$version/kernel/${part%/*}/"
	done
	"$clients/sbin/depmod" -b root "$version"
	cat >root/init <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
ln -s /bin /sbin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for m in virtio_pci virtio_net nfsv4 cifs; do modprobe $m; done
ip link set eth0 up
ip addr add 10.0.2.15/24 dev eth0
ip route add default via 10.0.2.2
. /job.sh
poweroff -f
INIT
	chmod +x root/init
	cp "$1" root/job.sh
	(cd root && find . | cpio -o -H newc --quiet) >initrd
}

# Inside the machine the host's 127.0.0.1 has the address 10.0.2.2.
cat >job.head <<'JOB'
work() {
	head -c 10000000 /dev/urandom >/tmp/big
	cp /tmp/big $1/big
	sync
	echo 3 >/proc/sys/vm/drop_caches
	cmp /tmp/big $1/big && echo "$1: read back"
	mkdir $1/d
	for i in $(seq 50); do echo $i >$1/d/f$i; done
	mv $1/d/f1 $1/d/g1 && rm $1/d/f2 && ln $1/d/f3 $1/d/h3
	[ "$(ls $1/d | wc -l)" -eq 50 ] && echo "$1: 50 names"
	exec 7>$1/unlinked && echo hello >&7 && rm $1/unlinked && exec 7>&- && echo "$1: unlinked"
	(cd $1 && sha256sum big d/*) >/tmp/sums && cat /tmp/sums | sha256sum | sed "s|^|$1: sum |"
}
JOB

cp job.head job
mkdir tree
image_ext4 tree nfs.img 128M
nfs_image=$img
serve anyfs-nfsd -w "$nfs_image"
nfs_server=$server nfs_port=$port
image_ext4 tree smb.img 128M
serve anyfs-ksmbd -w --user alice:env:ALICE "$img"
cat >>job <<JOB
mkdir /mnt/n /mnt/s
for v in 4.0 4.1 4.2; do
	mount -t nfs4 -o vers=\$v,port=$nfs_port,addr=10.0.2.2,clientaddr=10.0.2.15,sec=sys \
		10.0.2.2:/ /mnt/n || continue
	mkdir /mnt/n/p0/\$v && work /mnt/n/p0/\$v
	umount /mnt/n
done
mount -t cifs -o ip=10.0.2.2,port=$port,user=alice,pass=secret,vers=3.1.1 //10.0.2.2/p0 /mnt/s
mkdir /mnt/s/3.1.1 && work /mnt/s/3.1.1
umount /mnt/s
JOB
kernel=$(echo "$clients"/boot/vmlinuz-*)
make_initrd job
timeout 500 qemu-system-x86_64 -machine accel=kvm:tcg -cpu max -m 512 -nographic -no-reboot \
	-kernel "$kernel" -initrd initrd -append "console=ttyS0 quiet panic=1" \
	-netdev user,id=net -device virtio-net-pci,netdev=net </dev/null >machine.log 2>&1 ||
	fail "the virtual machine: $(tail -5 machine.log)"
stop_server
server=$nfs_server
stop_server

tr -d '\r' <machine.log >machine.txt
check() {
	local dir=$1 image=$2 inside=$3 sum what
	for what in "read back" "50 names" "unlinked"; do
		grep -qF "$dir: $what" machine.txt || fail "$dir: not \"$what\": $(tail -20 machine.txt)"
	done
	run anyfs get "$image" "$inside" "got-$inside"
	sum=$(cd "got-$inside" && sha256sum big d/* | sha256sum)
	grep -qF "$dir: sum $sum" machine.txt || fail "$dir: the image has other files"
}
for v in 4.0 4.1 4.2; do
	check "/mnt/n/p0/$v" "$nfs_image" "$v"
done
check /mnt/s/3.1.1 "$img" 3.1.1
run e2fsck -fn "$nfs_image" >/dev/null
run e2fsck -fn "$img" >/dev/null
