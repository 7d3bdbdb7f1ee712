-- warp.hs - Warp, the Haskell web server that the second article names, with a constant reply.
-- SPDX-License-Identifier: MIT
-- debian: ghc libghc-warp-dev
{-# LANGUAGE OverloadedStrings #-}

import Control.Exception (IOException, try)
import Control.Monad (forM_, when)
import Data.Maybe (fromMaybe)
import Network.HTTP.Types (status200)
import Network.Socket
import Network.Wai (Application, responseLBS)
import Network.Wai.Handler.Warp (defaultSettings, runSettingsSocket, setOnException, warpVersion)
import System.Console.GetOpt
import System.Environment (getArgs)
import System.Exit (ExitCode (..), exitSuccess, exitWith)
import System.IO (hFlush, hPutStrLn, stderr, stdout)
import System.Posix.Process (exitImmediately)
import System.Posix.Signals (Handler (Catch), installHandler, sigINT, sigTERM)
import Text.Read (readMaybe)

hello :: Application
hello _ respond =
  respond $ responseLBS status200 fields "Hello, World!"
  where
    fields = [("Content-Length", "13"), ("Content-Type", "text/plain;charset=utf-8")]

failWith :: Int -> String -> IO a
failWith status why = hPutStrLn stderr ("warp: " ++ why) >> exitWith (ExitFailure status)

usage :: IO a
usage = failWith 2 "usage: [-a ADDR] [-p PORT] [-b BACKLOG] [-i]"

options :: [OptDescr (Char, String)]
options =
  [ Option [letter] [] (ReqArg ((,) letter) "VALUE") "" | letter <- "apb" ]
    ++ [Option "i" [] (NoArg ('i', "")) ""]

number :: [(Char, String)] -> Char -> Int -> Int -> Int -> IO Int
number given letter otherwise low high =
  case maybe (Just otherwise) readMaybe (lookup letter given) of
    Just n | low <= n && n <= high -> return n
    _ -> usage

listener :: String -> Int -> Int -> IO Socket
listener host port backlog = do
  let hints = defaultHints {addrFlags = [AI_NUMERICHOST], addrSocketType = Stream}
  address : _ <- getAddrInfo (Just hints) (Just host) (Just (show port))
  sock <- socket AF_INET Stream defaultProtocol
  setSocketOption sock ReuseAddr 1
  withFdSocket sock setCloseOnExecIfNeeded
  bind sock (addrAddress address)
  listen sock backlog
  return sock

serve :: Socket -> IO ()
serve sock = do
  forM_ [sigTERM, sigINT] $ \number' ->
    installHandler number' (Catch (exitImmediately ExitSuccess)) Nothing
  name <- getSocketName sock
  putStrLn ("listening on " ++ show name) >> hFlush stdout
  -- A client that leaves is its own affair.
  runSettingsSocket (setOnException (\_ _ -> return ()) defaultSettings) sock hello

main :: IO ()
main = do
  arguments <- getArgs
  given <- case getOpt Permute options arguments of
    (given, [], []) -> return (reverse given)
    _ -> usage
  port <- number given 'p' 0 0 65535
  backlog <- number given 'b' 4096 1 65535
  when (lookup 'i' given /= Nothing) $ do
    putStrLn "about: one process, a green thread for each client; GET / only"
    putStrLn ("library: Warp " ++ warpVersion)
    putStrLn "only: GET /"
    exitSuccess
  let host = fromMaybe "127.0.0.1" (lookup 'a' given)
  opened <- try (listener host port backlog) :: IO (Either IOException Socket)
  either (failWith 1 . ("cannot listen: " ++) . show) serve opened
