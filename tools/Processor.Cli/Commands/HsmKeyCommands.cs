using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Processor.Security;

namespace Processor.Cli.Commands;

/// <summary><c>processor hsm list</c>, <c>generate</c>, <c>join</c>, <c>import</c>, <c>export</c>, <c>activate</c>, <c>retire</c>, <c>destroy</c>: what officers do
/// with the keys of the software module. Running hosts that share the file follow by themselves. No command shows a key.</summary>
internal sealed class HsmKeyCommands(TimeProvider clock)
{
    public IEnumerable<Command> Build()
    {
        yield return List();
        yield return Generate();
        yield return Join();
        yield return Import();
        yield return Export();
        yield return Move("activate", "Makes a version of a key the one in use. The one before still opens and checks what is in flight, the one before that nothing.", (keys, key) => keys.ActivateKeyAsync(key, CancellationToken.None));
        yield return Move("retire", "Uses a version of a key for nothing from now on.", (keys, key) => keys.RetireKeyAsync(key, CancellationToken.None));
        yield return Move("destroy", "Clears a version of a key that is pending or retired, for good. Its name and number stay.", (keys, key) => keys.DestroyKeyAsync(key, CancellationToken.None));
    }

    private Command List()
    {
        var command = new Command("list", "Prints each version of each key: what it is for, its state and its check value.");
        var store = new KeyStoreOptions(command);
        command.SetAction(parsed => store.RunAsync(parsed, clock, async keys =>
        {
            foreach (var info in await keys.ListKeysAsync(CancellationToken.None))
                await parsed.InvocationConfiguration.Output.WriteLineAsync(Line(info));
            return ExitCode.Done;
        }));
        return command;
    }

    private Command Generate()
    {
        var command = new Command("generate", "Makes a random key, or the next version of one. It is pending until it is activated.");
        var name = Name(command);
        var template = new KeyTemplateOptions(command);
        var store = new KeyStoreOptions(command);
        command.SetAction(parsed => store.RunAsync(parsed, clock, async keys =>
            Tell(await keys.GenerateKeyAsync(template.Read(parsed, parsed.GetRequiredValue(name)), CancellationToken.None), parsed)));
        return command;
    }

    private Command Join()
    {
        var command = new Command("join", "Takes a key from the components of two or three custodians, pending: a zone master key, for one.");
        var name = Name(command);
        var files = new Argument<string[]>("files") { Description = "Two or three files of processor hsm component.", Arity = new ArgumentArity(2, 3) };
        var value = new Option<string>("--check-value") { Description = "The whole key's, as the other side has it. Without one, compare what is printed.", HelpName = "digits" };
        command.Add(files);
        command.Add(value);
        var template = new KeyTemplateOptions(command);
        var store = new KeyStoreOptions(command);
        command.SetAction(parsed => store.RunAsync(parsed, clock, async keys =>
        {
            var parts = new List<byte[]>();
            try
            {
                var wanted = template.Read(parsed, parsed.GetRequiredValue(name));
                var components = new List<KeyComponent>();
                foreach (var file in parsed.GetRequiredValue(files))
                {
                    components.Add(KeyComponentFile.Read(file, out var part));
                    parts.Add(part);
                }

                var whole = parsed.GetValue(value) ?? KeyComponentFile.CheckValueOf(components, wanted.Algorithm) ?? "";
                return Tell(await keys.ImportComponentsAsync(wanted, components, whole, CancellationToken.None), parsed);
            }
            finally
            {
                foreach (var part in parts)
                    CryptographicOperations.ZeroMemory(part);
            }
        }));
        return command;
    }

    private Command Import()
    {
        var command = new Command("import", "Takes a key from a key block (ANSI X9.143, TR-31), pending. What it is for stands in the block.");
        var name = Name(command);
        var file = new Argument<string>("file") { Description = "A file with the block. - reads it from the standard input." };
        var under = Under();
        var value = new Option<string>("--check-value") { Description = "As the sender gave it, to be compared.", HelpName = "digits", DefaultValueFactory = _ => "" };
        var takesOld = new Option<bool>("--old-versions") { Description = "Take blocks of the deprecated versions A and C as well." };
        command.Add(file);
        command.Add(under);
        command.Add(value);
        command.Add(takesOld);
        var store = new KeyStoreOptions(command);
        command.SetAction(parsed => store.RunAsync(
            parsed,
            clock,
            async keys =>
            {
                var path = parsed.GetRequiredValue(file);
                var block = (path == "-" ? await Console.In.ReadToEndAsync() : await File.ReadAllTextAsync(path)).Trim();
                return Tell(
                    await keys.ImportKeyBlockAsync(
                        parsed.GetRequiredValue(name), KeyWords.RefOf(parsed.GetRequiredValue(under)), Encoding.ASCII.GetBytes(block), parsed.GetValue(value) ?? "", CancellationToken.None),
                    parsed);
            },
            new SoftwareHsmOptions(ImportsOldKeyBlocks: parsed.GetValue(takesOld))));
        return command;
    }

    private Command Export()
    {
        var command = new Command("export", "Prints a key as a key block (ANSI X9.143) under another. Only a key that was made exportable leaves the module.");
        var name = Name(command);
        var under = Under();
        command.Add(under);
        var store = new KeyStoreOptions(command);
        command.SetAction(parsed => store.RunAsync(parsed, clock, async keys =>
        {
            var result = await keys.ExportKeyAsync(KeyWords.RefOf(parsed.GetRequiredValue(name)), KeyWords.RefOf(parsed.GetRequiredValue(under)), CancellationToken.None);
            if (result.Status != HsmStatus.Ok)
                return Tell(new(result.Status), parsed);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Encoding.ASCII.GetString(result.Block.Span));
            return ExitCode.Done;
        }));
        return command;
    }

    private Command Move(string word, string description, Func<IKeyCustody, KeyRef, ValueTask<KeyResult>> move)
    {
        var command = new Command(word, description);
        var name = Name(command);
        var store = new KeyStoreOptions(command);
        command.SetAction(parsed => store.RunAsync(parsed, clock, async keys =>
            Tell(await move(keys, KeyWords.RefOf(parsed.GetRequiredValue(name))), parsed)));
        return command;
    }

    private static Argument<string> Name(Command command)
    {
        var name = new Argument<string>("name") { Description = "Its name, and behind an @ its version where one is meant: zpk@2." };
        command.Add(name);
        return name;
    }

    private static Option<string> Under() => new("--under") { Description = "The key encryption key, by name.", HelpName = "name", Required = true };

    private static int Tell(KeyResult result, ParseResult parsed)
    {
        if (result is { Status: HsmStatus.Ok, Key: { } info })
        {
            parsed.InvocationConfiguration.Output.WriteLine(Line(info));
            return ExitCode.Done;
        }

        parsed.InvocationConfiguration.Error.WriteLine($"Refused: {result.Status}. Nothing was changed.");
        return ExitCode.Failed;
    }

    private static string Line(KeyInfo info) => string.Create(
        CultureInfo.InvariantCulture,
        $"{info.Key.Id}@{info.Key.Version}  {KeyWords.CodeOf(info.Usage)} {info.Usage}  {KeyAlgorithmOption.NameOf(info.Algorithm)}-{info.Bits}  mode {(char)info.Mode}  export {(char)info.Exportability}  {info.State}  check value {info.CheckValue}");
}
