namespace Processor.Cli.Load;

/// <summary>Chooses what one connection sends next. Not for several threads at once.</summary>
/// <param name="plan">What the run is made of.</param>
/// <param name="connection">Index of the connection.</param>
/// <param name="firstReference">The run's first retrieval reference; connections take turns from there.</param>
/// <param name="prepared">Purchases that are made already; null for none.</param>
internal sealed class Traffic(LoadPlan plan, int connection, long firstReference, PreparedPurchases? prepared = null)
{
    private const long ReferenceLimit = 1_000_000_000_000;

    // Trace numbers go round in a power of two below 999,999, so that a mask finds what a number belongs to.
    private const int StanCycle = 1 << 19;

    private readonly Random dice = new(plan.Seed + connection);
    private readonly PriorityQueue<RequestDetails, long> pairs = new();
    private readonly long end = LoadClock.FromSeconds(plan.Seconds);
    private readonly long pairWithin = LoadClock.FromSeconds(plan.PairWithinSeconds);
    private long count;

    /// <summary>Seconds of a pair that have not been sent.</summary>
    public int PairCount => pairs.Count;

    /// <summary>The next request: the second of a pair when one is due, else one of the mix.</summary>
    /// <param name="now">Now, as <see cref="LoadClock"/> has it.</param>
    /// <param name="transmission">Now, as DE 7 has it.</param>
    public RequestDetails Next(long now, long transmission)
    {
        if (TryNextPair(now, transmission, out var pair))
            return pair;
        var kind = plan.Mix.Choose(dice);
        if (kind == RequestKind.Purchase && prepared is not null)
        {
            var (index, card, amount) = prepared.Take();
            int number = NextStan();
            return new(kind, card, amount, number, ReferenceOf(count), transmission, Prepared: index);
        }

        long minorUnits = kind is RequestKind.Balance or RequestKind.Verification
            ? 0
            : dice.NextInt64(plan.MinorUnitsMin, plan.MinorUnitsMax + 1);
        if (kind == RequestKind.Cashback)
            minorUnits += RequestTemplates.CashbackMinorUnits;
        int stan = NextStan();
        return new(kind, dice.Next(plan.Cards.Count), minorUnits, stan, ReferenceOf(count), transmission);
    }

    /// <summary>The second of a pair, when one is due.</summary>
    public bool TryNextPair(long now, long transmission, out RequestDetails details)
    {
        if (!pairs.TryPeek(out details, out long due) || due > now)
            return false;
        pairs.Dequeue();
        details = details with { Stan = NextStan(), Transmission = transmission };
        return true;
    }

    /// <summary>Lays the second of a pair aside for an approved purchase.</summary>
    /// <param name="purchase">The purchase.</param>
    /// <param name="approvalCode">DE 38 of its answer, six ASCII bytes, the first one highest.</param>
    /// <param name="now">Now, as <see cref="LoadClock"/> has it.</param>
    public void LayAside(in RequestDetails purchase, ulong approvalCode, long now)
    {
        long most = Math.Clamp(end - now, 0, pairWithin);
        var kind = plan.Pair == PairChoice.Reversal ? RequestKind.Reversal : RequestKind.Completion;
        pairs.Enqueue(
            purchase with
            {
                Kind = kind,
                OriginalStan = purchase.Stan,
                OriginalTransmission = purchase.Transmission,
                ApprovalCode = approvalCode,
            },
            now + dice.NextInt64(most + 1));
    }

    private int NextStan() => (int)(count++ % StanCycle) + 1;

    private long ReferenceOf(long number) => (firstReference + (number * plan.Connections) + connection) % ReferenceLimit;
}
