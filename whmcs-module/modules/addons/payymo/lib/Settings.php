<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/**
 * What the module remembers, by name. The secret is kept through WHMCS's encrypt(); nothing else here is secret. Kept in a
 * table of its own since the settings of an addon are plain text to every admin who may configure addons.
 */
final class Settings
{
    private const TABLE = 'mod_payymo_settings';

    public function get(string $name, string $default = ''): string
    {
        $value = Capsule::table(self::TABLE)->where('name', $name)->value('value');
        return $value === null ? $default : (string) $value;
    }

    public function set(string $name, string $value): void
    {
        Capsule::table(self::TABLE)->updateOrInsert(['name' => $name], ['value' => $value]);
    }

    public function forget(string ...$names): void
    {
        Capsule::table(self::TABLE)->whereIn('name', $names)->delete();
    }

    /** @return array<string, mixed> */
    public function getMap(string $name): array
    {
        $value = json_decode($this->get($name), true);
        return is_array($value) ? $value : [];
    }

    /** @param array<string, mixed> $value */
    public function setMap(string $name, array $value): void
    {
        $this->set($name, Json::write($value));
    }

    public function isPaired(): bool
    {
        return $this->get('instance_id') !== '';
    }

    /**
     * The shared secret, or null: not paired, or moved to a configuration.php with another $cc_encryption_hash, which
     * makes everything encrypted unreadable.
     */
    public function secret(): ?string
    {
        $stored = $this->get('secret');
        if ($stored === '') {
            return null;
        }
        $secret = (string) decrypt($stored);
        return strncmp($secret, 'whsec_', 6) === 0 ? $secret : null;
    }

    public function pair(string $server, string $instanceId, string $secret): void
    {
        $this->set('secret', (string) encrypt($secret));
        $this->set('server', $server);
        $this->set('instance_id', $instanceId);
    }

    /** Forgets the pairing and everything learned through it. Payments and log stay. */
    public function unpair(): void
    {
        Capsule::table(self::TABLE)
            ->whereNotIn('name', ['cron_last_at', 'remove_data', 'schema'])
            ->delete();
    }

    /** An option of the addon's own settings page (configaddonmods.php); null when WHMCS holds none. */
    public static function option(string $name): ?string
    {
        $value = Capsule::table('tbladdonmodules')
            ->where('module', Module::NAME)
            ->where('setting', $name)
            ->value('value');
        return $value === null ? null : (string) $value;
    }
}
