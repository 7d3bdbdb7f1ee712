#!/usr/bin/perl
# hello.pl - a server in another language: the least that ApacheBench needs of the contract.
# SPDX-License-Identifier: MIT
use strict;
use warnings;
use Getopt::Long;
use IO::Socket::INET;

my %option = (a => '127.0.0.1', p => 0, b => 4096);
GetOptions(\%option, 'a=s', 'p=i', 'b=i', 'i') or exit 2;
if ($option{i}) {
    print "one connection at a time; Perl $^V\n";
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
while (my $client = $listener->accept) {
    local $/ = "\r\n";
    while (my $line = <$client>) {
        last if $line eq $/;
    }
    print $client $reply;
    close $client;
}
