namespace Processor.Switch;

/// <summary>Something with a deadline.</summary>
internal interface IExpirable
{
    /// <summary>Claims the expiry; called with a lock of the wheel taken, so it is short and calls nothing.</summary>
    /// <returns>False when it was answered in time.</returns>
    bool TryExpire();

    /// <summary>Acts on a claimed expiry; called once, without a lock.</summary>
    void OnExpired();
}
