# SPDX-License-Identifier: GPL-2.0
#
# Completion of anyfs and the other programs for fish.  "anyfs __complete" prints the words that
# may follow; it reads the paths inside the image.
function __anyfs_complete
    set -l words (commandline -opc)
    set -l current (string unescape -- (commandline -ct); or commandline -ct)
    set -l ask (string replace -r '[^/]*$' anyfs -- $words[1])
    set -l program (string replace -r '.*/' '' -- $words[1])
    set -l before $words[2..]
    # $ask, the anyfs in the program's directory, knows the options of all programs.
    if test "$program" != anyfs
        set before --program $program $before
    end
    for line in ($ask __complete $before "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
for program in anyfs anyfs-fuse anyfs-umount anyfs-lspart anyfs-nfsd anyfs-ksmbd \
        cptofs cpfromfs fs2tar lklfuse
    complete -c $program -f -a '(__anyfs_complete)'
end
