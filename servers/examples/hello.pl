#!/usr/bin/perl
# hello.pl - the least that ApacheBench needs of the contract: one client after the other.
# SPDX-License-Identifier: MIT
use strict;
use warnings;
use Getopt::Long;
use IO::Socket::INET;

my %option = (a => '127.0.0.1', p => 0, b => 4096);
GetOptions(\%option, 'a=s', 'p=i', 'b=i', 'i') or exit 2;
if ($option{p} < 0 || $option{p} > 65535) {
    print STDERR "hello.pl: no port: $option{p}\n";
    exit 2;
}
if ($option{i}) {
    print "about: one process, one client at a time\nlibrary: Perl $^V\n",
        "blocks: request, reply\nonly: GET /\n";
    exit;
}
$SIG{TERM} = $SIG{INT} = sub { exit };
$SIG{PIPE} = 'IGNORE';

my $listener = IO::Socket::INET->new(
    LocalAddr => $option{a}, LocalPort => $option{p}, Listen => $option{b},
    ReuseAddr => 1);
unless ($listener) {
    print STDERR "hello.pl: cannot listen on $option{a}:$option{p}: $!\n";
    exit 1;
}
$| = 1;
printf "listening on %s:%d\n", $listener->sockhost, $listener->sockport;

my $reply = join "\r\n", 'HTTP/1.0 200 OK', 'Content-Length: 13',
    'Content-Type: text/plain;charset=utf-8', '', 'Hello, World!';
while (1) {
    my $client = $listener->accept or next;
    my $line = '';
    while (defined($line = <$client>)) {
        last if $line =~ /^\r?\n$/;
    }
    print $client $reply if defined $line;
    close $client;
}
