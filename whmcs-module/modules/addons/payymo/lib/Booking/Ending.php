<?php

namespace WHMCS\Module\Addon\Payymo\Booking;

if (!defined('WHMCS')) {
    exit;
}

/** How one visit of an order ended: the outcome that Payymo is told, and the state that our own row keeps. */
final class Ending
{
    /** @var string applied, refused, conflict or unknown */
    public $outcome;

    /** @var string */
    public $state;

    /** @var string|null */
    public $code;

    /** @var string */
    public $words;

    /** @var string[] what an undo could not take back, in sentences */
    public $left;

    private function __construct(string $outcome, string $state, ?string $code, string $words, array $left = [])
    {
        $this->outcome = $outcome;
        $this->state = $state;
        $this->code = $code;
        $this->words = $words;
        $this->left = $left;
    }

    /** @param string[] $left */
    public static function applied(array $left = []): self
    {
        return new self('applied', 'applied', null, '', $left);
    }

    public static function refused(string $code, string $words): self
    {
        return new self('refused', 'refused', $code, $words);
    }

    public static function conflict(string $code, string $words): self
    {
        return new self('conflict', 'conflict', $code, $words);
    }

    /** @param string $state what the next visit must know: `sending` and `unseen` mean that something was sent */
    public static function unknown(string $code, string $words, string $state = 'unknown'): self
    {
        return new self('unknown', $state, $code, $words);
    }

    /** As it is, with the state that our row had: nothing was learned that changes it. */
    public function keeping(string $state): self
    {
        return new self($this->outcome, $state, $this->code, $this->words, $this->left);
    }
}
