# Daemon.pm - the contract of a server, put around one of Debian's web servers.
# SPDX-License-Identifier: MIT
#
# None of them takes port 0, or says when it is ready, but each can take over a socket that
# listens already: so the socket is made here, and connections to it wait for the daemon.
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

# The daemon's process, with the socket as its descriptor 3, where all of them look for it.
sub start {
    my ($socket, @command) = @_;
    my $pid = fork // fail(1, "fork: $!");
    return $pid if $pid;
    if (fileno $socket == 3) {
        fcntl $socket, F_SETFD, 0 or fail(1, "fcntl: $!");
    } else {
        POSIX::dup2(fileno $socket, 3) // fail(1, "dup2: $!");
    }
    open STDOUT, '>&', \*STDERR or fail(1, "dup: $!");
    $ENV{LISTEN_PID} = $$;
    exec @command or fail(1, "$command[0]: $!");
}

# serve(about, package, version, configure, end): `version` is a command whose output begins with
# the daemon's name and version; configure->(host, port, backlog, folder) returns the command that
# starts it. It may write to the folder, which goes when this process ends. `end` is the signal
# that ends the daemon at once, all its processes and whatever its clients do.
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
    local $SIG{TERM} = local $SIG{INT} = sub { $asked = 1; kill $daemon{end} => $pid if $pid };
    $pid = start($socket, $daemon{configure}->($host, $port, $option->{b}, "$folder"));
    kill $daemon{end} => $pid if $asked;
    close $socket or fail(1, "close: $!");
    $| = 1;
    print "listening on $host:$port\n";
    1 until waitpid($pid, 0) == $pid;
    exit($asked ? 0 : 1);
}

1;
