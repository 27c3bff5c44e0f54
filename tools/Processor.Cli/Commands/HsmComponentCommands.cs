using System.CommandLine;
using Processor.Security;

namespace Processor.Cli.Commands;

/// <summary><c>processor hsm component</c> and <c>master</c>: what custodians do.</summary>
internal static class HsmComponentCommands
{
    public static Command BuildComponent(SecretPrompt prompt)
    {
        var command = new Command(
            "component",
            "Makes one custodian's part of a key, in a file that only its owner can read, and prints its check value. The part itself is "
            + "never shown. With --enter it is asked for, without showing what is typed.");
        var file = new Argument<string>("file") { Description = "Where it is put. It must not be there." };
        var algorithm = KeyAlgorithmOption.Make("What the key will be used with: aes or tdes. aes where none is given, as a master key is.");
        var bits = new Option<int>("--bits") { Description = "The key's length, parity bits counted.", HelpName = "number", DefaultValueFactory = _ => 8 * MasterKey.Length };
        var isEntered = new Option<bool>("--enter") { Description = "Ask for the component and its check value, as on the custodian's paper." };
        command.Add(file);
        command.Add(algorithm);
        command.Add(bits);
        command.Add(isEntered);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var used = parsed.GetValue(algorithm) is { } word ? KeyAlgorithmOption.Of(word) : KeyAlgorithm.Aes;
            if (parsed.GetValue(bits) is not (128 or 192 or 256) || used == KeyAlgorithm.Hmac)
                throw new UsageException("A component has 128, 192 or 256 bits of an aes or tdes key.");
            var value = parsed.GetValue(isEntered) ? Enter(path, used, prompt) : KeyComponentFile.Create(path, used, parsed.GetValue(bits));
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: check value {value}");
            return ExitCode.Done;
        });
        return command;
    }

    public static Command BuildMaster()
    {
        var command = new Command(
            "master",
            "Makes a master key of the components of two or three custodians: checks each, tells each file the check value of the whole, and "
            + "prints it. A host reads the same files.");
        var files = new Argument<string[]>("files") { Description = "Two or three files of processor hsm component.", Arity = new ArgumentArity(2, 3) };
        command.Add(files);
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine($"master key: check value {MasterKeyFiles.Complete(parsed.GetRequiredValue(files))}");
            return ExitCode.Done;
        });
        return command;
    }

    private static string Enter(string path, KeyAlgorithm algorithm, SecretPrompt prompt)
    {
        var digits = prompt.Ask("Component");
        try
        {
            return KeyComponentFile.Enter(path, algorithm, digits, new string(prompt.Ask("Its check value")));
        }
        finally
        {
            Array.Clear(digits);
        }
    }
}
