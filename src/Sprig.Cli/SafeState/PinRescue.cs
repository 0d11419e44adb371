using Sprig.IO;

namespace Sprig.Cli.SafeState;

/// <summary><c>sprig safe-state</c>: each pin that a killed program has left gets its safe level, whatever is wrong with the others.</summary>
/// <param name="output">Where it says what it did.</param>
/// <param name="errors">And what it could not do.</param>
/// <param name="openChip">Finds a line's chip.</param>
internal sealed class PinRescue(TextWriter output, TextWriter errors, Func<SafeLine, GpioChip> openChip)
{
    private const int Failed = 1;

    /// <returns>The exit code: 0 when all of them are safe.</returns>
    internal int Run(string file)
    {
        try
        {
            IReadOnlyList<SafeLine> lines = SafeLine.ReadAll(file);
            if (lines.Count(TryRescue) < lines.Count)
                return Failed;
            // Done: who asks again finds nothing to do.
            File.Delete(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            output.WriteLine($"nothing to do: there is no {file}");
        }
        catch (Exception e) when (UserError.IsOne(e))
        {
            errors.WriteLine($"sprig safe-state: {UserError.Describe(e)}");
            return Failed;
        }

        return 0;
    }

    private bool TryRescue(SafeLine line)
    {
        try
        {
            using GpioChip chip = openChip(line);
            bool since = line.Apply(chip);
            string name = chip.GetLineInfo(line.Line).Name;
            string done = $"{(name.Length > 0 ? name : $"line {line.Line}")} of {chip.Label}: {(line.Level ? 1 : 0)}";
            if (since == line.Level)
                output.WriteLine(done);
            else
                errors.WriteLine($"{done} was driven, but it is {(since ? 1 : 0)} since it was given back: something outside is stronger, or the chip has no resistor for it");
            return since == line.Level;
        }
        catch (Exception e) when (UserError.IsOne(e))
        {
            errors.WriteLine($"line {line.Line} of {line.ChipLabel}: {UserError.Describe(e)}");
            return false;
        }
    }
}
