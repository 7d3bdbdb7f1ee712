// scala.scala - a pool of actors that each connection is handed to: the first article's server.
// SPDX-License-Identifier: MIT
// debian: scala default-jre-headless
import java.io.{BufferedReader, IOException, InputStreamReader}
import java.net.{InetAddress, ServerSocket, Socket, SocketTimeoutException}
import scala.actors.Actor
import scala.util.Try

class Hello extends Actor {
  private val reply = ("HTTP/1.0 200 OK\r\n" +
    "Content-Length: 13\r\n" +
    "Content-Type: text/plain;charset=utf-8\r\n" +
    "\r\n" +
    "Hello, World!").getBytes("US-ASCII")

  // ab opens connections on which it never sends. One that is silent for a moment goes to the
  // end of the queue: else each would hold up an actor for good.
  private val silentMs = 10

  private def answer(client: Socket) = {
    val lines = new BufferedReader(new InputStreamReader(client.getInputStream, "US-ASCII"))
    client.setSoTimeout(silentMs)
    lines.read()
    client.setSoTimeout(0)
    val head = Iterator.continually(lines.readLine).dropWhile(line => line != null && !line.isEmpty)
    if (head.next != null) client.getOutputStream.write(reply)
    client.close()
  }

  // A client that leaves is its own affair.
  def act() = loop {
    react {
      case client: Socket =>
        try answer(client)
        catch {
          case _: SocketTimeoutException => this ! client
          case _: IOException => client.close()
        }
    }
  }
}

object Server {
  // The article has "a pool of actors", and does not say how many.
  val actors = 16

  def fail(status: Int, why: String): Nothing = {
    System.err.println(s"scala: $why")
    sys.exit(status)
  }

  def usage() = fail(2, "usage: [-a ADDR] [-p PORT] [-b BACKLOG] [-i]")

  def parse(arguments: List[String], given: Map[Char, String]): Map[Char, String] =
    arguments match {
      case Nil => given
      case "-i" :: rest => parse(rest, given + ('i' -> ""))
      case option :: value :: rest if Set("-a", "-p", "-b")(option) =>
        parse(rest, given + (option(1) -> value))
      case _ => usage()
    }

  def number(given: Map[Char, String], option: Char, low: Int, high: Int) =
    Try(given(option).toInt).filter(n => low <= n && n <= high).getOrElse(usage())

  def serve(listener: ServerSocket) = {
    for (name <- List("TERM", "INT"))
      sun.misc.Signal.handle(new sun.misc.Signal(name), new sun.misc.SignalHandler {
        def handle(signal: sun.misc.Signal) = Runtime.getRuntime.halt(0)
      })
    val pool = Vector.fill(actors)(new Hello().start())
    println(s"listening on ${listener.getInetAddress.getHostAddress}:${listener.getLocalPort}")
    for (actor <- Iterator.continually(pool).flatten) actor ! listener.accept()
  }

  def main(arguments: Array[String]) = {
    val given = parse(arguments.toList, Map('a' -> "127.0.0.1", 'p' -> "0", 'b' -> "4096"))
    val (port, backlog) = (number(given, 'p', 0, 65535), number(given, 'b', 1, 65535))
    if (given.contains('i'))
      println(s"about: a pool of $actors actors, each of which blocks; GET / only\n" +
        s"library: Scala ${util.Properties.versionNumberString}, " +
        s"Java ${util.Properties.javaVersion}\nonly: GET /")
    else
      serve(try new ServerSocket(port, backlog, InetAddress.getByName(given('a')))
      catch { case error: IOException => fail(1, s"cannot listen: ${error.getMessage}") })
  }
}
