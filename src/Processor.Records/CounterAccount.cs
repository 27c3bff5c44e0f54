using Processor.Cards;

namespace Processor.Records;

/// <summary>The other side of what an account posts. Its identifier has no time in it, so it never is an account's.</summary>
public static class CounterAccount
{
    private const uint NetworkKind = 1;
    private const uint ProgramKind = 2;

    /// <summary>What is to be settled with a network.</summary>
    public static Ulid NetworkSettlement(int network) => Of(NetworkKind, network);

    /// <summary>The money that a program puts on its accounts and takes from them.</summary>
    public static Ulid ProgramFunds(int program) => Of(ProgramKind, program);

    // zero(64) kind(32) number(32)
    private static Ulid Of(uint kind, int number) => new(((UInt128)kind << 32) | (uint)number);
}
