<?php

namespace Payymo\Tests;

use PHPUnit\Framework\TestCase;
use WHMCS\Module\Addon\Payymo\Words;

/** House rules of every file that is shipped. */
final class FilesTest extends TestCase
{
    private const ENTRY_POINTS = ['proof.php'];

    /** Functions, constants and classes that came after PHP 7.4. */
    private const NEWER = [
        'str_contains', 'str_starts_with', 'str_ends_with', 'get_debug_type', 'get_resource_id', 'fdiv', 'preg_last_error_msg',
        'array_is_list', 'fsync', 'fdatasync', 'json_validate', 'mb_str_pad', 'array_find', 'array_any', 'array_all',
        'mb_trim', 'ini_parse_quantity', 'memory_reset_peak_usage', 'WeakMap', 'Stringable', 'ValueError',
        'UnhandledMatchError',
    ];

    /** @return array<string, array{0: string, 1: string}> */
    public function files(): array
    {
        $root = dirname(__DIR__) . '/modules/addons/payymo';
        $files = [];
        foreach (new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($root, \FilesystemIterator::SKIP_DOTS)) as $file) {
            if ($file->getExtension() === 'php') {
                $name = substr($file->getPathname(), strlen($root) + 1);
                $files[$name] = [$name, (string) file_get_contents($file->getPathname())];
            }
        }
        return $files;
    }

    /** @dataProvider files */
    public function testBeginsAtOnceStopsWithoutWhmcsAndNeverCloses(string $name, string $source): void
    {
        $this->assertStringStartsWith("<?php\n", $source);
        $this->assertStringEndsWith("\n", $source);
        $this->assertStringNotContainsString('?>', $source);
        $this->assertStringNotContainsString("\r", $source);
        $this->assertSame(1, preg_match('//u', $source));
        $guarded = strpos($source, "if (!defined('WHMCS')) {\n    exit;\n}\n") !== false;
        $this->assertSame(!in_array($name, self::ENTRY_POINTS, true), $guarded);
    }

    /** @dataProvider files */
    public function testUsesNothingThatPhp74LacksOrPhp84Refuses(string $name, string $source): void
    {
        $found = [];
        $words = [];
        foreach (token_get_all($source, TOKEN_PARSE) as $token) {
            if (is_array($token) && !in_array($token[0], [T_WHITESPACE, T_COMMENT, T_DOC_COMMENT], true)) {
                $words[] = [$token[0], $token[1]];
            } elseif (!is_array($token)) {
                $words[] = [0, $token];
            }
        }
        foreach ($words as $at => [$kind, $text]) {
            $before = $words[$at - 1][1] ?? '';
            $after = $words[$at + 1][1] ?? '';
            $newToken = in_array(token_name($kind), ['T_MATCH', 'T_ENUM', 'T_READONLY', 'T_NULLSAFE_OBJECT_OPERATOR', 'T_ATTRIBUTE'], true);
            $named = $kind === T_STRING && $after === ':' && ($before === '(' || $before === ',');
            $promoted = in_array($text, ['public', 'private', 'protected'], true) && ($before === '(' || $before === ',');
            $newer = $kind === T_STRING && in_array($text, self::NEWER, true);
            $union = $text === '|' && ($words[$at - 1][0] ?? 0) === T_STRING && ($words[$at + 2][0] ?? 0) === T_VARIABLE;
            $mixed = $text === 'mixed' && $kind === T_STRING;
            if ($newToken || $named || $promoted || $newer || $union || $mixed) {
                $found[] = "$before $text $after";
            }
        }
        // Trailing commas in lists of parameters came with 8.0; nullable by default alone is refused from 8.4 on.
        foreach (['/function[^(]*\([^()]*,\s*\)/', '/[(,]\s*[A-Za-z\\\\]+ \$\w+ = null/'] as $pattern) {
            if (preg_match($pattern, $source, $part)) {
                $found[] = $part[0];
            }
        }
        $this->assertSame([], $found, $name);
    }

    /** @dataProvider files */
    public function testPrintsNothingWhenItIsRead(string $name, string $source): void
    {
        $this->assertDoesNotMatchRegularExpression('/\b(var_dump|print_r|error_log|eval|shell_exec|passthru|system)\s*\(/', $source);
        if (strpos($name, 'lib/') === 0 || strpos($name, 'lang/') === 0) {
            $this->assertDoesNotMatchRegularExpression('/^\s*(echo|print)\b/m', $source);
        } else {
            $this->assertNotSame('', $name);
        }
    }

    public function testEveryLanguageSaysEverythingWithTheSamePlaces(): void
    {
        $english = $this->texts('english');
        foreach (glob(dirname(__DIR__) . '/modules/addons/payymo/lang/*.php') ?: [] as $file) {
            $texts = $this->texts(basename($file, '.php'));
            $this->assertSame(array_keys($english), array_keys($texts), $file);
            foreach ($texts as $key => $text) {
                preg_match_all('/\{\w+\}/', $text, $here);
                preg_match_all('/\{\w+\}/', $english[$key], $there);
                $this->assertEqualsCanonicalizing($there[0], $here[0], "$file $key");
            }
        }
    }

    public function testEveryTextThatIsAskedForExists(): void
    {
        $english = $this->texts('english');
        foreach ($this->files() as [$name, $source]) {
            preg_match_all("/->(?:say|html)\('([a-z_]+)'(?! \.)/", $source, $asked);
            foreach ($asked[1] as $key) {
                $this->assertArrayHasKey($key, $english, "$name asks for $key");
            }
            preg_match_all("/log\(?\)?->(?:info|warn)\('([a-z_]+)'/", $source, $logged);
            foreach ($logged[1] as $event) {
                $this->assertArrayHasKey('log_' . $event, $english, "$name logs $event");
            }
        }
        $this->assertTrue(Words::in('german')->knows('status'));
    }

    /** @return array<string, string> */
    private function texts(string $language): array
    {
        $_ADDONLANG = [];
        include dirname(__DIR__) . '/modules/addons/payymo/lang/' . $language . '.php';
        return $_ADDONLANG;
    }
}
