# SPDX-License-Identifier: GPL-2.0
#
# Front door: one name for each job.  No logic of its own: Kbuild builds the
# kernel (kernel/Makefile), Meson the rest (meson.build).

BUILD := $(CURDIR)/build
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
T ?=
FUZZ_SECONDS ?=
FUZZ_IMAGES ?=
FUZZ_SEED ?=
WALK_FILES ?= 500000

.PHONY: all help deps kernel kernel32 kernel-versions m32 wasm app web electron userspace lib tools node node-asan node-packages test-node-consumers test-clients test-smbtorture test-slurm test-node-versions asan tsan demo test walk powercut \
	fuzz fuzz-parsers bench lint odd-builds install clean
.NOTPARALLEL:

all: userspace

help:
	@sed -n 's/^#: //p' $(firstword $(MAKEFILE_LIST))

#: make demo      install what is missing, build, make a real Debian disk, read from it
demo: deps userspace
	tools-dev/demo

#: make test      install what is missing, build, run all tests; T=luks: those whose path matches
test: deps userspace node node-asan app electron asan tsan m32
	tests/run $(T)

#: make           build everything into build/
#: make kernel    the kernel objects and the headers made from them
kernel:
	$(MAKE) -C kernel JOBS=$(JOBS)

#: make kernel32  a kernel of 32-bit code, with debug information: build/m32/kernel.so
kernel32:
	tests/m32/build-kernel build $(JOBS)

#: make kernel-versions  build with the newest 6.12.y of Debian and the one before
kernel-versions: userspace
	kernel/check-versions build

userspace: kernel
	tools-dev/build-userspace plain

#: make lib       the library, build/lib/libanyfs.so
lib: userspace

#: make tools     the programs, build/bin/
tools: userspace

#: make node      the package for Node.js, build/lib/node_modules/@anyfs/native
node: deps userspace
	tools-dev/build-node

# The module with ASan and UBSan, into build/asan/.
node-asan: node asan
	tools-dev/build-node asan

#: make test-node-versions    run the tests of the package with other versions of Node.js
test-node-versions: node
	tools-dev/test-node-versions

#: make test-node-consumers   run packages from npm inside an image
test-node-consumers: node
	mkdir -p build/node/consumers
	cp tests/node/consumers/*.json build/node/consumers
	cd build/node/consumers && npm ci --ignore-scripts --no-audit --no-fund
	tests/run node/test-node-consumers

#: make test-clients   the file servers with the clients of Linux, in a virtual machine
test-clients: userspace
	tools-dev/client-kernel
	tests/run serve/test-linux-client

#: make test-smbtorture  Samba's tests of SMB servers, with ours and with Samba; writes
#:                docs/smbtorture.md
test-smbtorture: deps userspace
	tools-dev/install-deps tools-dev/packages-peers
	tests/smbtorture/run

#: make test-slurm     docs/fleets/slurm.sbatch on a Slurm with one node, which is installed
test-slurm: deps userspace
	tools-dev/install-deps tools-dev/packages-slurm
	tests/run fleet/test-slurm

#: make wasm      the kernel for web pages, and @anyfs/core, build/lib/node_modules/@anyfs/core
wasm: deps
	tools-dev/install-deps tools-dev/packages-wasm
	tools-dev/build-wasm

#: make app       the packages for React, and the application for pages, build/web
app: wasm
	tools-dev/build-web

#: make web       the same, and serve the application on PORT (8080)
web: wasm
	tools-dev/build-web serve

#: make electron  the application for Electron, build/electron
electron: app node
	tools-dev/build-electron

#: make node-packages   the archives of it for npm, build/node/packages/*.tgz
node-packages: node
	mkdir -p build/node/packages
	tools-dev/pack-node build/node/packages

#: make asan      the user-space half with ASan and UBSan, into build/asan/
#: make tsan      the same with ThreadSanitizer, into build/tsan/
asan tsan: kernel
	tools-dev/build-userspace $@

#: make m32       32-bit programs of tests/m32, and kernel32, which they run
m32: kernel kernel32
	tools-dev/install-deps tools-dev/packages-m32
	tools-dev/debian-source cmocka >/dev/null
	tools-dev/build-userspace m32

#: make powercut  cut the power 500 times under each file system; writes docs/power-cuts.md
powercut: deps userspace
	tests/powercut/run

#: make fuzz      hostile images until ^C; FUZZ_SECONDS=60 or FUZZ_IMAGES=800 for each file
#:                system once; writes docs/hostile-images.md
fuzz: deps userspace
	tests/fuzz/run --seconds "$(FUZZ_SECONDS)" --images "$(FUZZ_IMAGES)" --seed "$(FUZZ_SEED)" $(T)

#: make fuzz-parsers  the parsers of untrusted bytes under libFuzzer; needs clang
fuzz-parsers: userspace
	tests/fuzz/parsers $(or $(FUZZ_SECONDS),60) $(T)

#: make walk      walk images of 500,000 files on little memory; WALK_FILES=2000000, T=ext4
walk: deps userspace
	tests/walk/run --files "$(WALK_FILES)" $(T)

#: make bench     our times beside those of the best other tool, in one run
bench: deps userspace
	bench/run

#: make lint      layers, symbols, the ABI, licences, shell, format, documents
lint: userspace
	tools-dev/lint

#: make odd-builds  compile with clang and musl; run the parsers' test on a big-endian machine
odd-builds: userspace
	tools-dev/odd-builds

#: make install   to PREFIX (/usr/local) below DESTDIR (empty)
install: userspace
	tools-dev/install-tree "$(DESTDIR)$(PREFIX)"

#: make deps      install the packages of tools-dev/packages (root or sudo)
deps:
	tools-dev/install-deps

#: make clean     remove what was built, but not what was downloaded or cached
clean:
	tools-dev/clean
