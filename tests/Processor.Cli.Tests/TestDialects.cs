using Processor.Iso8583;

namespace Processor.Cli.Tests;

/// <summary>The dialects that ship, loaded once.</summary>
internal static class TestDialects
{
    public static Dialect Ascii { get; } = Dialect.LoadNamed("iso87-ascii");

    public static Dialect Binary { get; } = Dialect.LoadNamed("iso87-binary");

    public static Dialect Named(string name) => name == Binary.Name ? Binary : Ascii;
}
