<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/** The texts of one language, English where it lacks one. A language is a file in lang/, named as WHMCS names it. */
final class Words
{
    /** @var array<string, string> */
    private $texts;

    /** @param array<string, string> $texts as WHMCS gives them to the admin page, or none */
    public function __construct(array $texts)
    {
        $this->texts = array_filter($texts, 'is_string') + self::file('english');
    }

    public static function in(string $language): self
    {
        return new self(self::file(strtolower($language)));
    }

    /** For hooks in the admin area, to which WHMCS hands no texts. */
    public static function ofAdmin(): self
    {
        $language = $_SESSION['adminlang'] ?? '';
        if (!is_string($language) || $language === '') {
            $adminId = (int) ($_SESSION['adminid'] ?? 0);
            $language = (string) Capsule::table('tbladmins')->where('id', $adminId)->value('language');
        }
        return self::in($language);
    }

    /** The text with its {names} filled in, not escaped. */
    public function say(string $key, array $values = []): string
    {
        $named = [];
        foreach ($values as $name => $value) {
            $named['{' . $name . '}'] = (string) $value;
        }
        return strtr($this->texts[$key] ?? $key, $named);
    }

    public function knows(string $key): bool
    {
        return isset($this->texts[$key]);
    }

    /** The same for HTML. */
    public function html(string $key, array $values = []): string
    {
        return Text::html($this->say($key, $values));
    }

    /** @return array<string, string> */
    private static function file(string $language): array
    {
        $file = dirname(__DIR__) . '/lang/' . $language . '.php';
        if (!preg_match('/^[a-z0-9_-]{1,40}\z/', $language) || !is_file($file)) {
            return [];
        }
        $_ADDONLANG = [];
        include $file;
        return $_ADDONLANG;
    }
}
