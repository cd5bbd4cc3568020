<?php

namespace WHMCS\Module\Addon\Payymo;

if (!defined('WHMCS')) {
    exit;
}

/** JSON as it goes over the wire and into our tables. */
final class Json
{
    /** @param mixed $value */
    public static function write($value): string
    {
        $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE;
        $text = json_encode($value, $flags);
        if ($text === false) {
            throw new \RuntimeException('cannot be written as JSON: ' . json_last_error_msg());
        }
        return $text;
    }
}
