using System.Buffers.Binary;
using Processor.Records;
using Processor.Security;

namespace Processor.Host;

/// <summary>Keeps this host's vault as key file and Postgres have it, and encrypts again what is under an older key.</summary>
internal sealed class VaultKeeper(PanVault vault, VaultKeys keys, VaultKeyQueries rows, ProcessorOptions options, TimeProvider clock, ILogger<VaultKeeper> log)
    : BackgroundService
{
    /// <summary>How long after it was made a key begins to encrypt: many times the interval in which every host looks for new ones.</summary>
    internal static readonly TimeSpan ActivationDelay = TimeSpan.FromMinutes(1);

    /// <summary>How long a key is kept after its successor took over, for what was being written meanwhile.</summary>
    internal static readonly TimeSpan DestructionDelay = TimeSpan.FromHours(1);

    // Ciphers that are replaced by one statement.
    private const int CardsMax = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Gives the vault its keys, and makes the first one where there is none. To be called before anything is encrypted.</summary>
    internal async Task OpenAsync(CancellationToken cancellation)
    {
        if ((await rows.ListAsync(cancellation)).Count == 0)
            await AddAsync(1, TimeSpan.Zero, cancellation);
        await RefreshAsync(cancellation);
    }

    /// <summary>Makes a new key. Every host encrypts with it after <see cref="ActivationDelay"/>, and the workers follow.</summary>
    /// <returns>Its version; null when another one was made at the same moment.</returns>
    internal async Task<int?> RotateAsync(CancellationToken cancellation)
    {
        var known = await rows.ListAsync(cancellation);
        var version = known.Count == 0 ? 1 : known[^1].Version + 1;
        return await AddAsync(version, ActivationDelay, cancellation) ? version : null;
    }

    /// <summary>Takes over what is new in key file and Postgres.</summary>
    internal async Task RefreshAsync(CancellationToken cancellation)
    {
        keys.Refresh(options.KeyFile);
        var known = await rows.ListAsync(cancellation);
        var wrapped = known.Where(row => row.Wrapped is not null).Select(Wrapped).ToArray();
        var before = vault.CurrentDataKey;
        vault.UseDataKeys(wrapped, clock.GetUtcNow());
        if (vault.CurrentDataKey != before)
            HostLog.DataKeyActive(log, vault.CurrentDataKey);
    }

    /// <summary>Wraps data keys with the newest key of the file.</summary>
    /// <returns>How many were wrapped again.</returns>
    internal async Task<int> RewrapKeysAsync(CancellationToken cancellation)
    {
        var count = 0;
        foreach (var row in await rows.ListAsync(cancellation))
        {
            if (row.Wrapped is null || row.MasterVersion >= vault.CurrentMasterKey)
                continue;
            var again = vault.RewrapDataKey(Wrapped(row));
            if (await rows.RewrapAsync(row with { MasterVersion = again.MasterVersion, Wrapped = again.Wrapped }, cancellation))
                count++;
        }

        if (count > 0)
            HostLog.DataKeysRewrapped(log, count, vault.CurrentMasterKey);
        return count;
    }

    /// <summary>Encrypts a batch of PANs again that are under another key than the present one.</summary>
    /// <returns>How many were found; fewer than <see cref="CardsMax"/> when there are no more.</returns>
    internal async Task<int> RewrapCardsAsync(CancellationToken cancellation)
    {
        var stale = await rows.ListStaleAsync(vault.CurrentPrefix, CardsMax, cancellation);
        if (stale.Count == 0)
            return 0;
        var again = stale.Select(card => (card.Id, card.PanCipher, vault.Encrypt(vault.Decrypt(card.PanCipher, card.Id), card.Id))).ToArray();
        var count = await rows.ReplaceAsync(again, cancellation);
        HostLog.PansRewrapped(log, count, vault.CurrentDataKey);
        return stale.Count;
    }

    /// <summary>Forgets a key that is not needed any more.</summary>
    /// <returns>False when a PAN is under it, or its successor is not active for <see cref="DestructionDelay"/>.</returns>
    internal Task<bool> DestroyAsync(int version, CancellationToken cancellation)
    {
        var prefix = new byte[1 + sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(prefix.AsSpan(1), (ushort)version);
        var now = clock.GetUtcNow();
        return rows.DestroyAsync(version, prefix, now - DestructionDelay, now, cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, clock, stoppingToken);
            try
            {
                await RefreshAsync(stoppingToken);
                if (!options.Has("worker"))
                    continue;
                await RewrapKeysAsync(stoppingToken);
                while (await RewrapCardsAsync(stoppingToken) == CardsMax)
                    await Task.Yield();
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                HostLog.VaultFailed(log, problem);
            }
        }
    }

    private static WrappedDataKey Wrapped(VaultKeyRow row) => new(row.Version, row.MasterVersion, row.Wrapped!, row.ActiveFrom);

    private Task<bool> AddAsync(int version, TimeSpan delay, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var key = vault.WrapNewDataKey(version, now + delay);
        var row = new VaultKeyRow { Version = key.Version, MasterVersion = key.MasterVersion, Wrapped = key.Wrapped, ActiveFrom = key.ActiveFrom, CreatedAt = now };
        return rows.AddAsync(row, cancellation);
    }
}
