<?php

namespace WHMCS\Module\Addon\Payymo\Remote;

if (!defined('WHMCS')) {
    exit;
}

/** One HTTP request, without retries or redirects. */
interface Transport
{
    /**
     * @param array<string, string> $headers
     * @return array{status: int, headers: array<string, string>, body: string} header names in lower case
     * @throws CallFailed `unreachable`, `too_large`
     */
    public function post(string $url, array $headers, string $body): array;

    /**
     * @return array{status: int, headers: array<string, string>, body: string}
     * @throws CallFailed `unreachable`, `too_large`
     */
    public function get(string $url): array;
}
