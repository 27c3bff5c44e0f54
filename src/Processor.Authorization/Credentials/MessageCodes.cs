using Processor.Security;

namespace Processor.Authorization;

/// <summary>Has the security module check and make the authentication codes of messages (DE 64 and DE 128).</summary>
/// <remarks>With a module in this process the answer is there when the call returns, and nothing is allocated.</remarks>
public sealed class MessageCodes(IHsm hsm)
{
    /// <summary>The codes of a host without a security module: none can be checked or made.</summary>
    public static MessageCodes WithoutModule() => new(new AbsentHsm());

    /// <summary>Compares a message's code with the right one. The key before the active one is good too, for what was in flight.</summary>
    /// <param name="plan">The link's.</param>
    /// <param name="message">What the code covers; not changed until the answer is there.</param>
    /// <param name="code">As many bytes as the plan says.</param>
    public ValueTask<MacResult> VerifyAsync(MacPlan plan, ReadOnlyMemory<byte> message, ReadOnlyMemory<byte> code)
    {
        var asked = hsm.VerifyMacAsync(RequestOf(plan, message), code, CancellationToken.None);
        return asked.IsCompletedSuccessfully ? new(ResultOf(asked.Result)) : VerifyLaterAsync(asked);
    }

    /// <summary>Makes a message's code.</summary>
    /// <param name="plan">The link's.</param>
    /// <param name="message">What the code covers; not changed until the answer is there.</param>
    /// <param name="code">As many bytes as the plan says.</param>
    /// <returns>False when there is none.</returns>
    public ValueTask<bool> MakeAsync(MacPlan plan, ReadOnlyMemory<byte> message, Memory<byte> code)
    {
        var asked = hsm.GenerateMacAsync(RequestOf(plan, message), code, CancellationToken.None);
        return asked.IsCompletedSuccessfully ? new(asked.Result == HsmStatus.Ok) : MakeLaterAsync(asked);
    }

    private static async ValueTask<MacResult> VerifyLaterAsync(ValueTask<HsmStatus> asked) => ResultOf(await asked);

    private static async ValueTask<bool> MakeLaterAsync(ValueTask<HsmStatus> asked) => await asked == HsmStatus.Ok;

    private static MacRequest RequestOf(MacPlan plan, ReadOnlyMemory<byte> message) =>
        new() { Key = plan.Key, Algorithm = plan.Algorithm, Padding = plan.Padding, Data = message };

    // A question that makes no sense comes from the message: it is longer than the module takes.
    private static MacResult ResultOf(HsmStatus status) => status switch
    {
        HsmStatus.Ok => MacResult.Right,
        HsmStatus.VerificationFailed or HsmStatus.InvalidInput => MacResult.Wrong,
        _ => MacResult.Unavailable,
    };
}
