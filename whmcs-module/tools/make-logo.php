<?php

/**
 * Draws logo.png: a circle of a coin and a tick on it. Usage: php tools/make-logo.php
 */

const SIZE = 128;
const SCALE = 4;

/** How far a point is from a line between two others. */
function distance(float $x, float $y, array $from, array $to): float
{
    $length = ($to[0] - $from[0]) ** 2 + ($to[1] - $from[1]) ** 2;
    $along = (($x - $from[0]) * ($to[0] - $from[0]) + ($y - $from[1]) * ($to[1] - $from[1])) / $length;
    $along = max(0.0, min(1.0, $along));
    return hypot($x - $from[0] - $along * ($to[0] - $from[0]), $y - $from[1] - $along * ($to[1] - $from[1]));
}

/** Red, green, blue, opacity at a point of the unit square. */
function colour(float $x, float $y): array
{
    if (hypot($x - 0.5, $y - 0.5) > 0.48) {
        return [0, 0, 0, 0];
    }
    $tick = min(distance($x, $y, [0.28, 0.52], [0.44, 0.68]), distance($x, $y, [0.44, 0.68], [0.73, 0.36]));
    return $tick < 0.055 ? [255, 255, 255, 255] : [20, 110, 90, 255];
}

function chunk(string $type, string $data): string
{
    return pack('N', strlen($data)) . $type . $data . pack('N', crc32($type . $data));
}

$rows = '';
for ($row = 0; $row < SIZE; $row++) {
    $rows .= "\0";
    for ($column = 0; $column < SIZE; $column++) {
        $sum = [0, 0, 0, 0];
        for ($part = 0; $part < SCALE * SCALE; $part++) {
            $x = ($column + ($part % SCALE + 0.5) / SCALE) / SIZE;
            $y = ($row + (intdiv($part, SCALE) + 0.5) / SCALE) / SIZE;
            $dot = colour($x, $y);
            for ($channel = 0; $channel < 3; $channel++) {
                $sum[$channel] += $dot[$channel] * $dot[3];
            }
            $sum[3] += $dot[3];
        }
        foreach ([0, 1, 2] as $channel) {
            $rows .= chr($sum[3] > 0 ? (int) round($sum[$channel] / $sum[3]) : 0);
        }
        $rows .= chr((int) round($sum[3] / SCALE / SCALE));
    }
}

$png = "\x89PNG\r\n\x1a\n"
    . chunk('IHDR', pack('NNCCCCC', SIZE, SIZE, 8, 6, 0, 0, 0))
    . chunk('IDAT', gzcompress($rows, 9))
    . chunk('IEND', '');
file_put_contents(__DIR__ . '/../modules/addons/payymo/logo.png', $png);
