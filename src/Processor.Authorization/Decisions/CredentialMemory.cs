using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>What the card's record keeps of credentials: wrong PINs, and the chip's counters. It counts with the decision, at its commit.</summary>
internal static class CredentialMemory
{
    /// <summary>Keeps what a request's credentials came to.</summary>
    /// <param name="scene">The decision.</param>
    /// <param name="reason">What the rules said. A credential behind the one that failed was not looked at, so it does not count.</param>
    internal static void Keep(in Scene scene, DeclineReason reason)
    {
        var checks = scene.Checks;
        if (checks[CredentialKind.Counter] == CheckResult.Match && IsPast(reason, DeclineReason.CounterRefused))
            KeepCounter(in scene, reason);

        // A stolen card's chip is to be blocked although nothing else of it counts any more.
        if (checks[CredentialKind.Counter] == CheckResult.Match)
        {
            SendScript(in scene);
            KeepScriptResult(in scene);
        }

        if (IsPast(reason, DeclineReason.PinTriesExceeded))
            KeepPin(in scene, checks[CredentialKind.Pin]);
    }

    /// <summary>Keeps the counter of a transaction that was done elsewhere; it may not come again in a request.</summary>
    internal static void KeepOfAdvice(in Scene scene)
    {
        if (scene.Checks[CredentialKind.Cryptogram] != CheckResult.Match)
            return;
        var counters = scene.Account.Card(scene.Request.Card).Counters;
        CounterWindow.Note(ref counters, scene.Request.Credentials.Counter);
        scene.Account.SetCounters(scene.Request.Card, in counters);
        KeepScriptResult(in scene);
    }

    /// <summary>Whether the answer that a message got first had the command at hand: then a repeat of it has it, too.</summary>
    internal static bool HadScript(in Scene scene)
    {
        ref readonly var outcome = ref scene.Request.Credentials;
        if (outcome.Script == 0 || !scene.Account.HasCard(scene.Request.Card))
            return false;
        ref readonly var card = ref scene.Account.Card(scene.Request.Card);
        return card.ScriptNumber == outcome.Script && card.ScriptMark == outcome.Mark;
    }

    // The results are not under the cryptogram: whoever can send one of the card may tell them, so they are noted and nothing is done for them.
    private static void KeepScriptResult(in Scene scene)
    {
        ref readonly var outcome = ref scene.Request.Credentials;
        ref readonly var known = ref scene.Account.Card(scene.Request.Card);
        if (outcome.ScriptResultNumber == 0 || outcome.ScriptResultNumber > known.ScriptNumber || outcome.ScriptResultNumber <= known.ScriptResultNumber)
            return;
        ref var card = ref scene.Account.ChangeCard(scene.Request.Card);
        card.ScriptResultNumber = outcome.ScriptResultNumber;
        card.ScriptResult = outcome.ScriptResult;
    }

    // Two hosts may both have a command at hand; the card's record, which commits with the decision, lets one of them send it.
    private static void SendScript(in Scene scene)
    {
        ref readonly var outcome = ref scene.Request.Credentials;
        if (outcome.Script <= scene.Account.Card(scene.Request.Card).ScriptNumber)
            return;
        ref var card = ref scene.Account.ChangeCard(scene.Request.Card);
        card.ScriptNumber = outcome.Script;
        card.ScriptMark = outcome.Mark;
        scene.Answer.HasScript = true;
    }

    private static bool IsPast(DeclineReason reason, DeclineReason last) => reason == DeclineReason.None || reason > last;

    private static void KeepCounter(in Scene scene, DeclineReason reason)
    {
        var counters = scene.Account.Card(scene.Request.Card).Counters;
        ref readonly var outcome = ref scene.Request.Credentials;
        var isSecond = counters.RetryMark == outcome.Mark;
        CounterWindow.Note(ref counters, outcome.Counter);

        // A terminal that was asked for more may send the same cryptogram once more, with more beside it.
        counters.RetryMark = !isSecond && DeclineReasons.AsksForMore(reason) ? outcome.Mark : 0;
        scene.Account.SetCounters(scene.Request.Card, in counters);
    }

    // A PIN block that holds no PIN is nobody's try.
    private static void KeepPin(in Scene scene, CheckResult pin)
    {
        var tries = scene.Account.Card(scene.Request.Card).PinTries;
        if (pin == CheckResult.Mismatch)
            scene.Account.ChangeCard(scene.Request.Card).PinTries = (byte)Math.Min(byte.MaxValue, tries + 1);
        else if (pin == CheckResult.Match && tries > 0)
            scene.Account.ChangeCard(scene.Request.Card).PinTries = 0;
    }
}
