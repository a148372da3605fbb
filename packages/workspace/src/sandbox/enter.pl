# Starts a program as root in a mount namespace of its own, in which some folders of root's belong to another user.
#
#   perl enter.pl UID GID [PATH]... -- PROGRAM [ARGUMENT]...
#
# What root owns in PATH is seen as owned by UID:GID, and what UID:GID makes there is stored as root's (an id-mapped
# mount, Linux 5.12). Nothing on disk changes hands. Exits with 125 when that is not possible.
# In Perl, because Debian's git brings it, and because it can make a system call by its number.
use strict;
use warnings;
use Config;

my %numbers = (
    x86_64  => { unshare => 272, mount => 165 },
    aarch64 => { unshare => 97,  mount => 40 },
);
my ($machine) = $Config{archname} =~ /^(x86_64|aarch64)/ or fail("the processor is not known");
my ($UNSHARE, $MOUNT) = @{ $numbers{$machine} }{qw(unshare mount)};
my ($OPEN_TREE, $MOVE_MOUNT, $MOUNT_SETATTR) = (428, 429, 442);
my ($CLONE_NEWNS, $CLONE_NEWUSER) = (0x00020000, 0x10000000);
my ($MS_REC, $MS_PRIVATE) = (0x4000, 0x40000);
my ($AT_FDCWD, $AT_EMPTY_PATH, $AT_RECURSIVE) = (-100, 0x1000, 0x8000);
my ($OPEN_TREE_CLONE, $OPEN_TREE_CLOEXEC, $MOVE_MOUNT_F_EMPTY_PATH) = (1, 0x80000, 4);
my ($MOUNT_ATTR_NOSUID, $MOUNT_ATTR_NODEV, $MOUNT_ATTR_IDMAP) = (2, 4, 0x00100000);

my ($uid, $gid) = splice @ARGV, 0, 2;
my @paths;
push @paths, shift @ARGV while @ARGV && $ARGV[0] ne "--";
shift @ARGV;

syscall($UNSHARE, $CLONE_NEWNS) == 0 or fail("no mount namespace: $!");
my ($none, $root, $empty) = ("none", "/", "");
syscall($MOUNT, $none, $root, $none, $MS_REC | $MS_PRIVATE, 0) == 0 or fail("mounts cannot be made private: $!");
my $map = @paths ? id_map() : undef;
for my $path (@paths) {
    my $tree = syscall($OPEN_TREE, $AT_FDCWD, $path, $OPEN_TREE_CLONE | $OPEN_TREE_CLOEXEC | $AT_RECURSIVE);
    $tree >= 0 or fail("$path cannot be opened: $!");
    my $attributes = pack("Q4", $MOUNT_ATTR_NOSUID | $MOUNT_ATTR_NODEV | $MOUNT_ATTR_IDMAP, 0, 0, fileno($map));
    syscall($MOUNT_SETATTR, $tree, $empty, $AT_EMPTY_PATH | $AT_RECURSIVE, $attributes, length $attributes) == 0
        or fail("the file system of $path cannot map owners: $!");
    syscall($MOVE_MOUNT, $tree, $empty, $AT_FDCWD, $path, $MOVE_MOUNT_F_EMPTY_PATH) == 0
        or fail("$path cannot be mounted: $!");
}
exec { $ARGV[0] } @ARGV or fail("$ARGV[0] cannot be started: $!");

# A user namespace that exists for its map alone: from ids on disk to ids of this machine. It lives as long as its handle.
sub id_map {
    pipe(my $ready, my $tell_ready) && pipe(my $done, my $tell_done) or fail("no pipe: $!");
    my $child = fork() // fail("no process: $!");
    if ($child == 0) {
        close $tell_done;
        syscall($UNSHARE, $CLONE_NEWUSER) == 0 or exit 1;
        syswrite $tell_ready, "1";
        sysread $done, my $end, 1;
        exit 0;
    }
    close $tell_ready;
    sysread $ready, my $byte, 1 or fail("no user namespace");
    write_map("/proc/$child/uid_map", $uid);
    write_map("/proc/$child/gid_map", $gid);
    open my $namespace, "<", "/proc/$child/ns/user" or fail("no user namespace: $!");
    close $tell_done;
    waitpid $child, 0;
    return $namespace;
}

# Root's id becomes the given one; the others stay themselves.
sub write_map {
    my ($path, $to) = @_;
    my @ranges = ([0, $to, 1], [1, 1, $to - 1], [$to + 1, $to + 1, 0xFFFFFFFE - $to]);
    open my $map, ">", $path or fail("$path: $!");
    syswrite($map, join("", map { "@$_\n" } grep { $_->[2] > 0 } @ranges)) or fail("$path: $!");
    close $map or fail("$path: $!");
}

sub fail {
    print STDERR "Aura could not prepare the sandbox as root: @_\n";
    exit 125;
}
