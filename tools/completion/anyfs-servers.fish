# SPDX-License-Identifier: GPL-2.0
#
# Completion of anyfs-nfsd and anyfs-ksmbd for fish: the options of --help; fish adds file names.
function __anyfs_server_options
    set -l words (commandline -opc)
    $words[1] --help 2>/dev/null | string match -rga -- '(?:^|[ ,])(--[a-z][a-z-]*)' | sort -u
end
for server in anyfs-nfsd anyfs-ksmbd
    complete -c $server -n 'string match -q -- "-*" (commandline -ct)' -a '(__anyfs_server_options)'
end
