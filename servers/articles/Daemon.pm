# Daemon.pm - the contract of a server, put around one of Debian's web servers.
# SPDX-License-Identifier: MIT
#
# None of them takes port 0, or says when it is ready, but most can take over a socket that
# listens already: so the socket is made here, and connections to it wait for the daemon. One that
# listens itself gets a port that was free, and says in its log when it is ready.
package Daemon;
use strict;
use warnings;
use Fcntl qw(F_SETFD);
use File::Basename qw(basename);
use File::Temp ();
use Getopt::Long;
use IO::Socket::INET;
use POSIX ();

use constant EX_UNAVAILABLE => 69;

my $name = basename $0;
$ENV{PATH} .= ':/usr/sbin';

sub fail {
    my ($status, @words) = @_;
    print STDERR "$name: @words\n";
    exit $status;
}

sub options {
    my %option = (a => '127.0.0.1', p => 0, b => 4096);
    local $SIG{__WARN__} = sub { };
    GetOptions(\%option, 'a=s', 'p=i', 'b=i', 'i')
        && !@ARGV
        && $option{p} >= 0
        && $option{p} <= 65535
        && $option{b} > 0
        or fail(2, 'usage: [-a ADDR] [-p PORT] [-b BACKLOG] [-i]');
    return \%option;
}

sub listener {
    my ($option) = @_;
    return IO::Socket::INET->new(
        LocalAddr => $option->{a}, LocalPort => $option->{p}, Listen => $option->{b},
        ReuseAddr => 1) // fail(1, "cannot listen on $option->{a}:$option->{p}: $!");
}

# Writes a file, and returns its path.
sub file {
    my ($path, $text) = @_;
    open my $file, '>', $path or fail(1, "$path: $!");
    print $file $text;
    close $file or fail(1, "$path: $!");
    return $path;
}

# What a daemon answers with from files.
sub pages {
    my ($folder) = @_;
    file("$folder/hello.txt", 'Hello, World!');
    file("$folder/50k", substr('0123456789abcdef' x 3200, 0, 51200));
    return;
}

# The daemon's process, with the socket, if it takes one over, as its descriptor 3, where all of them
# look for it; else with a pipe for its log.
sub start {
    my ($socket, $log, @command) = @_;
    my $pid = fork // fail(1, "fork: $!");
    return $pid if $pid;
    if (!$socket) {
        open STDERR, '>&', $log or fail(1, "dup: $!");
    } elsif (fileno $socket == 3) {
        fcntl $socket, F_SETFD, 0 or fail(1, "fcntl: $!");
    } else {
        POSIX::dup2(fileno $socket, 3) // fail(1, "dup2: $!");
    }
    open STDOUT, '>&', \*STDERR or fail(1, "dup: $!");
    $ENV{LISTEN_PID} = $$;
    exec @command or fail(1, "$command[0]: $!");
}

# All its processes, whatever its clients do; by TERM its own way, where that is at once.
sub end {
    my ($signal, $pid) = @_;
    my @children;
    if ($signal eq 'KILL' && open my $file, '<', "/proc/$pid/task/$pid/children") {
        @children = split ' ', <$file> // '';
        close $file or fail(1, "close: $!");
    }
    kill $signal => $pid, @children;
    return;
}

# serve(about, package, version, configure, end): `version` is a command whose output begins with
# the daemon's name and version; configure->(host, port, backlog, folder) returns the command that
# starts it. `ready` is what a daemon that listens itself logs once it does. It may write to the folder, which goes when this process ends. `end` is the signal
# that ends the daemon at once.
sub serve {
    my %daemon = @_;
    my $option = options();
    my ($version) = (`$daemon{version} 2>&1` // '') =~ m{(\w+[/ ](?:version )?[\d.]+)}
        or fail(EX_UNAVAILABLE, "not installed (Debian: $daemon{package})");
    if ($option->{i}) {
        print "about: $daemon{about}; GET / only\nlibrary: $version\nonly: GET /\n";
        return;
    }
    my $socket = listener($option);
    my ($host, $port) = ($socket->sockhost, $socket->sockport);
    my $folder = File::Temp->newdir;
    chmod 0755, $folder or fail(1, "chmod $folder: $!");

    my ($pid, $asked);
    pipe my $log, my $logs or fail(1, "pipe: $!");
    undef $socket if $daemon{ready};
    local $SIG{TERM} = local $SIG{INT} = sub { $asked = 1; end($daemon{end}, $pid) if $pid };
    $pid = start($socket, $logs, $daemon{configure}->($host, $port, $option->{b}, "$folder"));
    end($daemon{end}, $pid) if $asked;
    undef $socket;
    close $logs or fail(1, "close: $!");
    $| = 1;
    print "listening on $host:$port\n" if !$daemon{ready};
    while (my $line = <$log>) {
        print "listening on $host:$port\n" if $line =~ $daemon{ready};
        print STDERR $line if $line !~ /:notice\]/;
    }
    1 until waitpid($pid, 0) == $pid;
    exit($asked ? 0 : 1);
}

1;
