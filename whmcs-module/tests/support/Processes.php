<?php

namespace Payymo\Tests;

/** Other PHP processes, for what only several of them can show; all on this machine, each ended by its own id. */
final class Processes
{
    /**
     * Starts a script of support/ with an environment of its own.
     *
     * @return array{process: resource, out: resource}
     */
    public static function start(array $command, array $env = []): array
    {
        $pipes = [];
        $process = proc_open(
            array_merge([PHP_BINARY, '-d', 'display_errors=stderr'], $command),
            [0 => ['file', '/dev/null', 'r'], 1 => ['pipe', 'w'], 2 => ['file', '/dev/null', 'w']],
            $pipes,
            __DIR__,
            $env + getenv()
        );
        if (!is_resource($process)) {
            throw new \RuntimeException('no process');
        }
        return ['process' => $process, 'out' => $pipes[1]];
    }

    /** Waits for its end and returns what it printed. */
    public static function finish(array $started): string
    {
        $out = (string) stream_get_contents($started['out']);
        fclose($started['out']);
        proc_close($started['process']);
        return $out;
    }

    public static function stop(array $started): void
    {
        proc_terminate($started['process'], 9);
        self::finish($started);
    }

    /** Serves a folder or a router by PHP's own web server; returns its address once it answers. */
    public static function serve(array $arguments, array $env, array &$started): string
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $address = (string) stream_socket_get_name($socket, false);
        fclose($socket);
        $started = self::start(array_merge(['-S', $address], $arguments), $env);
        for ($tries = 0; $tries < 200; $tries++) {
            $probe = @stream_socket_client('tcp://' . $address, $code, $message, 1);
            if ($probe !== false) {
                fclose($probe);
                return 'http://' . $address;
            }
            usleep(25000);
        }
        throw new \RuntimeException('the web server of PHP did not start');
    }

    /** Ends this process as a power cut would, at the point that its environment names. */
    public static function maybeDie(string $point): void
    {
        $slow = (int) getenv('PAYYMO_SLOW_MS');
        if ($slow > 0) {
            usleep($slow * 1000);
        }
        if (getenv('PAYYMO_DIE') === $point) {
            posix_kill(posix_getpid(), SIGKILL);
        }
    }
}
