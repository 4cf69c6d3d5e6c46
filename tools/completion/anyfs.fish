# SPDX-License-Identifier: GPL-2.0
#
# Completion of anyfs for fish.  The program itself knows what may follow; it reads the paths
# inside the image.
function __anyfs_complete
    set -l words (commandline -opc)
    set -l current (string unescape -- (commandline -ct); or commandline -ct)
    for line in ($words[1] __complete $words[2..] "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c anyfs -f -a '(__anyfs_complete)'
