<?php

namespace WHMCS\Module\Addon\Payymo\Remote;

use WHMCS\Module\Addon\Payymo\Module;

if (!defined('WHMCS')) {
    exit;
}

/** curl, with certificates and host names verified, bounded in time and size, following nothing. */
final class CurlTransport implements Transport
{
    private const CONNECT_SECONDS = 5;
    private const ANSWER_BYTES_MAX = 2097152;

    /** @var int */
    private $seconds;

    public function __construct(int $seconds = 15)
    {
        $this->seconds = $seconds;
    }

    public function post(string $url, array $headers, string $body): array
    {
        // An empty Expect keeps curl from waiting for "100 Continue", which some proxies never send.
        $lines = ['Content-Type: application/json', 'Accept: application/json', 'Expect:'];
        foreach ($headers as $name => $value) {
            $lines[] = $name . ': ' . $value;
        }
        return $this->send($url, [
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_HTTPHEADER => $lines,
        ]);
    }

    public function get(string $url): array
    {
        return $this->send($url, [CURLOPT_HTTPGET => true]);
    }

    /** @param array<int, mixed> $options */
    private function send(string $url, array $options): array
    {
        $scheme = self::allowedScheme($url);
        $body = '';
        $headers = [];
        $tooLarge = false;
        $curl = curl_init();
        curl_setopt_array($curl, $options + [
            CURLOPT_URL => $url,
            CURLOPT_PROTOCOLS => $scheme === 'https' ? CURLPROTO_HTTPS : CURLPROTO_HTTP,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_CONNECTTIMEOUT => self::CONNECT_SECONDS,
            CURLOPT_TIMEOUT => $this->seconds,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_USERAGENT => 'Payymo-WHMCS/' . Module::VERSION,
            CURLOPT_HEADERFUNCTION => static function ($curl, string $line) use (&$headers): int {
                $pair = explode(':', $line, 2);
                if (count($pair) === 2 && count($headers) < 100) {
                    $headers[strtolower(trim($pair[0]))] = trim($pair[1]);
                }
                return strlen($line);
            },
            CURLOPT_WRITEFUNCTION => static function ($curl, string $piece) use (&$body, &$tooLarge): int {
                if (strlen($body) + strlen($piece) > self::ANSWER_BYTES_MAX) {
                    $tooLarge = true;
                    return 0;
                }
                $body .= $piece;
                return strlen($piece);
            },
        ]);
        $done = curl_exec($curl);
        $status = (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        $fault = curl_error($curl);
        unset($curl);
        if ($tooLarge) {
            throw new CallFailed('too_large', 'The answer is larger than 2 MiB.');
        }
        if ($done === false || $status === 0) {
            throw new CallFailed('unreachable', $fault === '' ? 'No answer.' : $fault);
        }
        return ['status' => $status, 'headers' => $headers, 'body' => $body];
    }

    /** https everywhere; plain http only to this machine itself, where nobody can listen in between. */
    private static function allowedScheme(string $url): string
    {
        if (!self::isAllowed($url)) {
            throw new CallFailed('unreachable', 'Only https addresses are called.');
        }
        return strtolower((string) parse_url($url, PHP_URL_SCHEME));
    }

    public static function isAllowed(string $url): bool
    {
        $part = parse_url($url);
        if (!is_array($part) || empty($part['host']) || isset($part['user']) || isset($part['pass'])) {
            return false;
        }
        $scheme = strtolower($part['scheme'] ?? '');
        $local = in_array(strtolower($part['host']), ['127.0.0.1', '[::1]', 'localhost'], true);
        return $scheme === 'https' || ($scheme === 'http' && $local);
    }
}
