# SPDX-License-Identifier: GPL-2.0
"""syscalls.py - every system call of the kernel's table as a C function

Numbers come from the architecture's installed unistd header, the names of the
kernel's functions from scripts/syscall.tbl, and the arguments from the prototypes
that the kernel itself is compiled with.  The output has the kernel's own names;
headers.py adds the prefixes.
"""
import re

# Types whose name in the installed headers differs from the kernel's own.
TYPES = {"u32": "__u32", "u64": "__u64", "s32": "__s32", "s64": "__s64"}
POINTER = re.compile(r"\*|cap_user_(header|data)_t")
RESERVED = {"new", "class", "delete", "this", "template", "private", "public"}
# Arguments that the kernel's prototypes leave unnamed.
NAMES = {k: v.split() for k, v in {
    "io_submit": "ctx_id nr iocbpp",
    "pselect6": "n readfds writefds exceptfds timeout sigmask",
    "ppoll": "fds nfds timeout sigmask sigsetsize",
    "rt_sigaction": "sig act oldact sigsetsize",
    "socket": "family type protocol",
    "socketpair": "family type protocol fds",
    "bind": "fd addr addrlen",
    "listen": "fd backlog",
    "accept": "fd addr addrlen",
    "accept4": "fd addr addrlen flags",
    "connect": "fd addr addrlen",
    "getsockname": "fd addr addrlen",
    "getpeername": "fd addr addrlen",
    "sendto": "fd buf len flags addr addrlen",
    "recvfrom": "fd buf len flags addr addrlen",
    "shutdown": "fd how",
    "clone": "flags stack parent_tid child_tid tls",
}.items()}
# Types of arguments that should be more general than in the kernel's prototypes.
KINDS = {
    ("read", "buf"): "void *", ("write", "buf"): "const void *",
    ("pread64", "buf"): "void *", ("pwrite64", "buf"): "const void *",
    ("getrandom", "buf"): "void *", ("openat2", "how"): "const struct open_how *",
    ("mount", "dev_name"): "const char *", ("mount", "dir_name"): "const char *",
    ("mount", "type"): "const char *", ("mount", "data"): "const void *",
    ("umount2", "name"): "const char *", ("sendto", "buf"): "const void *",
    ("sendto", "addr"): "const struct sockaddr *", ("bind", "addr"): "const struct sockaddr *",
    ("connect", "addr"): "const struct sockaddr *", ("setsockopt", "optval"): "const void *",
    ("getsockopt", "optval"): "void *", ("utimensat", "utimes"): "const struct __kernel_timespec *",
    ("nanosleep", "rqtp"): "const struct __kernel_timespec *",
}
# Second names of system calls, which the Linux Kernel Library uses.
ALIASES = {"fstatat": "newfstatat"}

# The headers with the types and constants that callers need beside the prototypes.
INCLUDES = """
stddef.h stdint.h
linux/types.h linux/user_types.h asm/unistd.h linux/errno.h
linux/fcntl.h linux/stat.h asm/stat.h asm/statfs.h linux/fs.h linux/mount.h linux/openat2.h
linux/magic.h linux/xattr.h linux/uio.h linux/utime.h linux/falloc.h linux/reboot.h
linux/ioctl.h asm/ioctls.h linux/poll.h linux/eventpoll.h linux/eventfd.h linux/inotify.h
linux/fanotify.h linux/aio_abi.h linux/futex.h linux/memfd.h asm/mman.h linux/landlock.h
linux/time.h linux/time_types.h linux/times.h linux/timex.h linux/timerfd.h
linux/signal.h linux/signalfd.h asm/siginfo.h linux/sched.h linux/sched/types.h
linux/resource.h linux/wait.h linux/prctl.h linux/capability.h linux/utsname.h
linux/sysinfo.h linux/ipc.h linux/sem.h linux/shm.h linux/msg.h linux/mqueue.h
linux/socket.h linux/sockaddr.h linux/sockios.h linux/net.h linux/in.h linux/in6.h linux/un.h
linux/if.h linux/netlink.h
""".split()


class Call:
    def __init__(self, name, number, function, prototype):
        self.name, self.number, self.function = name, number, function
        names = NAMES.get(name, [])
        self.args = [(KINDS.get((name, n), t), n) for t, n in arguments(prototype, names)]

    def declaration(self, name):
        args = ", ".join(join(*a) for a in self.args) or "void"
        return f"long sys_{name}({args})"

    def body(self, name):
        slots = ", ".join(f"PTR({n})" if POINTER.search(t) else n for t, n in self.args) or "0"
        return (f"{self.declaration(name)}\n{{\n\tconst int64_t args[6] = {{ {slots} }};\n\n"
                f"\treturn call(__NR_{self.name}, args);\n}}\n")


def join(kind, name):
    return kind + name if kind.endswith("*") else f"{kind} {name}"


def arguments(prototype, names):
    """(type, name) of each argument; @names has names for the unnamed ones."""
    if prototype.strip() in ("void", ""):
        return
    for i, text in enumerate(prototype.split(",")):
        words = re.findall(r"\w+|\*", re.sub(r"\b(__user|__force)\b", " ", text))
        name = names[i] if i < len(names) else f"arg{i + 1}"
        plain = [w for w in words if w not in ("const", "struct", "union", "enum", "*")]
        if len(plain) > 1 and words[-1] == plain[-1] and \
                words[-1] not in ("int", "long", "char", "short"):
            name = words.pop().lstrip("_")
        if name in RESERVED:
            name += "_"
        kind = " ".join(TYPES.get(w, w) for w in words)
        yield re.sub(r"\* (?=\*)", "*", kind), name


def prototypes(src):
    """A table from function to its arguments as text, from the kernel's own headers."""
    found = {}
    for path in ("include/linux/syscalls.h", "include/asm-generic/syscalls.h"):
        text = re.sub(r"/\*.*?\*/", " ", (src / path).read_text(), flags=re.DOTALL)
        for m in re.finditer(r"asmlinkage\s+long\s+(sys_\w+)\s*\(([^;]*)\)\s*;", text):
            # If #ifdef chooses between several, the last one is the general one.
            found[m[1]] = m[2]
    return found


def table(src, numbers):
    """The system calls of the architecture, by number."""
    rows = {}
    for line in (src / "scripts/syscall.tbl").read_text().splitlines():
        field = line.split("#")[0].split()
        if len(field) >= 4 and field[1] not in ("32", "time32", "stat64"):
            rows.setdefault((int(field[0]), field[2]), field[3])
    known, calls, missing = prototypes(src), [], []
    for m in re.finditer(r"^#define __NR_(\w+)\s+(\d+)$", numbers, re.MULTILINE):
        name, number = m[1], int(m[2])
        if name == "syscalls":
            continue
        function = rows.get((number, name))
        if function in known:
            calls.append(Call(name, number, function, known[function]))
        else:
            missing.append(f"{name} ({number}, {function or 'not in scripts/syscall.tbl'})")
    if missing or not calls:
        raise ValueError("no prototype for " + (", ".join(missing) or "any system call"))
    return calls


def functions(calls):
    """(name, call) of every function: the table's names and second names."""
    by_name = {c.name: c for c in calls}
    for c in calls:
        yield c.name, c
        second = c.function.removeprefix("sys_")
        if second not in by_name and second != "ni_syscall":
            by_name[second] = c
            yield second, c
    for second, name in ALIASES.items():
        if name in by_name and second not in by_name:
            yield second, by_name[name]


def header_text(calls):
    out = ["/* SPDX-License-Identifier: GPL-2.0 */",
           "/*",
           " * syscalls.h - every system call of the kernel, on the current kernel of the",
           " * calling thread",
           " *",
           " * Arguments and results are those of the kernel's own system calls: a value, or",
           " * a negative error number (-ENODEV if no kernel runs, -EIO if it has died).",
           " * Any thread may call; see anyfs_kernel_use() for which kernel is current.",
           " */",
           "#ifndef _LINUX_SYSCALLS_H", "#define _LINUX_SYSCALLS_H", ""]
    out += [f"#include <{i}>" for i in INCLUDES]
    out += ["", "#ifdef __cplusplus", 'extern "C" {', "#endif", ""]
    kinds = {t for _, c in functions(calls) for t, _ in c.args}
    tags = {m[0] for t in kinds for m in re.finditer(r"\b(struct|union) \w+", t)}
    out += [f"{tag};" for tag in sorted(tags)] + [""]
    out += [f"{c.declaration(name)};" for name, c in functions(calls)]
    out += ["", "#ifdef __cplusplus", "}", "#endif", "", "#endif", ""]
    return "\n".join(out)


def source_text(calls, by_hand):
    """The functions except those that @by_hand defines."""
    own = set(re.findall(r"^long lkl_sys_(\w+)\(", by_hand, re.MULTILINE))
    return "\n".join(c.body(name) for name, c in functions(calls) if name not in own)
