<?php

namespace WHMCS\Module\Addon\Payymo\Admin;

use WHMCS\Module\Addon\Payymo\Text;

if (!defined('WHMCS')) {
    exit;
}

/** The few shapes of HTML that the pages are made of, in the classes of WHMCS's own admin theme. */
final class Html
{
    /** Tables become lists on narrow screens, each cell under the name of its column. */
    public const STYLE = '<style>
.payymo h2{font-size:18px;margin:24px 0 8px}
.payymo table{width:100%;border-collapse:collapse}
.payymo th,.payymo td{text-align:left;padding:6px 8px;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}
.payymo .num{text-align:right;white-space:nowrap}
.payymo form{display:inline-block;margin:4px 8px 4px 0;max-width:100%}
.payymo textarea{width:100%;max-width:640px;font-family:monospace}
.payymo summary{cursor:pointer;padding:6px 0}
@media (max-width:600px){
.payymo thead{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)}
.payymo tr,.payymo tbody th,.payymo td{display:block}
.payymo tr{padding:6px 0;border-bottom:1px solid #ddd}
.payymo tbody th,.payymo td{border:0;padding:2px 0}
.payymo td:empty{display:none}
.payymo .num{text-align:left}
.payymo td[data-name]:before{content:attr(data-name) ": ";font-weight:bold}
.payymo button{width:100%;min-height:44px}
.payymo form{display:block}
}
</style>';

    private const TONES = ['success', 'info', 'warning', 'danger'];

    /** @param string $html text that is escaped already */
    public static function notice(string $tone, string $html): string
    {
        $class = in_array($tone, self::TONES, true) ? $tone : 'info';
        return '<div class="alert alert-' . $class . '" role="status">' . $html . '</div>';
    }

    public static function label(string $tone, string $text): string
    {
        $class = in_array($tone, self::TONES, true) ? $tone : 'default';
        return '<span class="label label-' . $class . '">' . Text::html($text) . '</span>';
    }

    /**
     * A form that posts one action with WHMCS's token.
     *
     * @param string $inside HTML before the button
     */
    public static function form(string $link, string $action, string $button, string $class, string $inside = ''): string
    {
        return '<form method="post" action="' . Text::html($link) . '">' . generate_token()
            . '<input type="hidden" name="payymo_action" value="' . Text::html($action) . '">' . $inside
            . '<button type="submit" class="btn btn-' . Text::html($class) . '">' . Text::html($button) . '</button></form>';
    }

    /**
     * @param string[] $heads plain text
     * @param array<int, string[]> $rows HTML of each cell
     * @param int $number the column of amounts, or -1
     */
    public static function table(array $heads, array $rows, int $number = -1): string
    {
        $html = '<table><thead><tr>';
        foreach ($heads as $column => $head) {
            $html .= '<th scope="col"' . ($column === $number ? ' class="num"' : '') . '>' . Text::html($head) . '</th>';
        }
        $html .= '</tr></thead><tbody>';
        foreach ($rows as $cells) {
            $html .= '<tr>';
            foreach ($cells as $column => $cell) {
                $class = $column === $number ? ' class="num"' : '';
                $html .= '<td' . $class . ' data-name="' . Text::html($heads[$column]) . '">' . $cell . '</td>';
            }
            $html .= '</tr>';
        }
        return $html . '</tbody></table>';
    }

    /** @param array<string, string> $rows plain name => HTML */
    public static function facts(array $rows): string
    {
        $html = '<table><tbody>';
        foreach ($rows as $name => $value) {
            $html .= '<tr><th scope="row">' . Text::html($name) . '</th><td>' . $value . '</td></tr>';
        }
        return $html . '</tbody></table>';
    }

    /** In the time zone of WHMCS. */
    public static function time(int $at): string
    {
        return $at <= 0 ? '–' : '<time datetime="' . gmdate('c', $at) . '">' . date('Y-m-d H:i', $at) . '</time>';
    }

    public static function link(string $address, string $text): string
    {
        return '<a href="' . Text::html($address) . '" target="_blank" rel="noopener noreferrer">' . Text::html($text) . '</a>';
    }
}
