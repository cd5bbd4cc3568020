<?php

namespace Payymo\Tests;

use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
use WHMCS\Module\Addon\Payymo\Remote\Transport;

/** Hands requests to a FakePayymo without a network. */
final class FakePayymoTransport implements Transport
{
    /** @var FakePayymo */
    public $payymo;

    /** @var bool */
    public $down = false;

    /** @var array<int, array{url: string, headers: array, body: string}> */
    public $sent = [];

    public function __construct(FakePayymo $payymo)
    {
        $this->payymo = $payymo;
    }

    public function post(string $url, array $headers, string $body): array
    {
        $this->sent[] = ['url' => $url, 'headers' => $headers, 'body' => $body];
        if ($this->down) {
            throw new CallFailed('unreachable', 'Connection refused');
        }
        $lower = array_change_key_case($headers, CASE_LOWER);
        return $this->payymo->answer((string) parse_url($url, PHP_URL_PATH), $lower, $body);
    }

    public function get(string $url): array
    {
        return ['status' => 404, 'headers' => [], 'body' => 'Not found'];
    }
}
