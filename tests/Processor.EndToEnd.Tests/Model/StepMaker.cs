namespace Processor.EndToEnd.Tests;

/// <summary>Draws the steps of a random run. The same dice make the same steps.</summary>
internal sealed class StepMaker(Random random, int accounts, int hot)
{
    // How far back an original may lie.
    private const int OriginalsBack = 3_000;

    private readonly List<PlainStep> steps = [];

    internal PlainStep Next()
    {
        var account = random.Next(2) == 0 ? random.Next(hot) : random.Next(accounts);
        var verb = random.Next(100) switch
        {
            < 33 => PlainVerb.Hold,
            < 43 => PlainVerb.Post,
            < 46 => PlainVerb.Inquiry,
            < 53 => PlainVerb.Advice,
            < 60 => PlainVerb.Completion,
            < 78 => PlainVerb.Reversal,
            < 92 => PlainVerb.TopUp,
            < 96 => PlainVerb.Withdraw,
            < 98 => PlainVerb.Freeze,
            _ => PlainVerb.Unfreeze,
        };
        PlainStep? of = null;
        if (verb is PlainVerb.Advice or PlainVerb.Completion or PlainVerb.Reversal)
            of = Original(account);
        var remaining = verb == PlainVerb.Reversal && random.Next(3) == 0 ? random.Next(1, 300) : -1;
        var step = new PlainStep(steps.Count + 1, account, verb, verb == PlainVerb.Inquiry ? 0 : random.Next(1, 500), of?.Number ?? 0, of?.Verb ?? default, remaining);
        steps.Add(step);
        return step;
    }

    /// <summary>One of the account's latest messages that may be an original; sometimes one that is still under way.</summary>
    private PlainStep? Original(int account)
    {
        for (var tries = 0; tries < 40; tries++)
        {
            var step = steps.Count == 0 ? null : steps[random.Next(Math.Max(0, steps.Count - OriginalsBack), steps.Count)];
            if (step is { Verb: PlainVerb.Hold or PlainVerb.Post or PlainVerb.Advice } && step.Account == account)
                return step;
        }

        return null;
    }
}
