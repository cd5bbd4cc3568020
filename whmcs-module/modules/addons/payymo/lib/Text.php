<?php

namespace WHMCS\Module\Addon\Payymo;

if (!defined('WHMCS')) {
    exit;
}

/** The one edge at which values of WHMCS are made plain. It stores text entity-encoded and dates in several shapes of unset. */
final class Text
{
    /**
     * Text as people typed it: entities decoded once, UTF-8, at most $max characters.
     *
     * @param mixed $value
     */
    public static function plain($value, int $max = 500): string
    {
        if (!is_scalar($value)) {
            return '';
        }
        $text = self::utf8((string) $value);
        $text = html_entity_decode($text, ENT_QUOTES | ENT_HTML5, 'UTF-8');
        return function_exists('mb_substr') ? mb_substr($text, 0, $max, 'UTF-8') : self::utf8(substr($text, 0, $max));
    }

    /** An install may use another charset than UTF-8; then Windows-1252, a superset of the usual one, is the best reading. */
    private static function utf8(string $text): string
    {
        if (preg_match('//u', $text)) {
            return $text;
        }
        $converted = function_exists('mb_convert_encoding') ? mb_convert_encoding($text, 'UTF-8', 'Windows-1252') : '';
        return is_string($converted) && preg_match('//u', $converted) ? $converted : preg_replace('/[^\x20-\x7e]/', '?', $text);
    }

    /**
     * YYYY-MM-DD, or null for every way in which WHMCS says "unset" (0000-00-00, "", null, -0001-11-30).
     *
     * @param mixed $value
     */
    public static function day($value): ?string
    {
        if (!is_string($value) || !preg_match('/^(\d{4})-(\d{2})-(\d{2})(?:[ T]|\z)/', $value, $part)) {
            return null;
        }
        return checkdate((int) $part[2], (int) $part[3], (int) $part[1]) && (int) $part[1] > 1900
            ? "$part[1]-$part[2]-$part[3]"
            : null;
    }

    /**
     * Rows of a list of WHMCS, whose shapes for none, one and many differ: "", [], {}, a bare row, rows under any keys.
     *
     * @param mixed $list what stands under, say, `transactions`
     * @return array<int, array<string, mixed>>
     */
    public static function rows($list, string $inner): array
    {
        $rows = is_array($list) && array_key_exists($inner, $list) ? $list[$inner] : $list;
        if (!is_array($rows) || $rows === []) {
            return [];
        }
        if (!is_array(reset($rows))) {
            return [$rows];
        }
        return array_values(array_filter($rows, 'is_array'));
    }

    /** For HTML, once. */
    public static function html($value): string
    {
        return htmlspecialchars(is_scalar($value) ? (string) $value : '', ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
