# SPDX-License-Identifier: GPL-2.0
#
# Debug a program with its 32-bit kernel:
#
#	ANYFS_KERNEL=build/m32/kernel.so \
#		gdb -x tests/m32/kernel.gdb --args build/m32/meson/tests/m32/fs fill IMAGE
#
# The library maps the kernel itself, so gdb does not know where: tell it when the kernel is about
# to boot.  Breakpoints in the kernel, which are set before, begin to work then.
set confirm off
set breakpoint pending on
set pagination off
# A fault of the kernel ends the instance, not the process: stop where it happens.
handle SIGSEGV SIGBUS SIGILL SIGFPE stop print

break cpu_boot
commands
  silent
  eval "add-symbol-file %s -o %p", (char *)getenv("ANYFS_KERNEL"), t->k->object.base
  continue
end
