namespace Processor.Api;

/// <summary>What an account has at a moment.</summary>
internal sealed record AccountBalanceBody(string AccountId, Money Posted, Money Held, Money Available, Money CreditLimit, DateTimeOffset AsOf);
