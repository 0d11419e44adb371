using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;
using Xunit;

namespace Sprig.Tests.ArchitectureRules;

/// <summary>The README's code is code: each C# fence stands, to the letter, in the project Snippets, which is compiled with
/// the rest.</summary>
public partial class ReadmeTests
{
    [Fact]
    public void Every_csharp_fence_is_compiled()
    {
        List<string> fences = [.. Fences("csharp")];
        HashSet<string> compiled = [Normalize(Repository.Read("tests/Snippets/Program.cs")), .. Regions()];
        Assert.True(fences.Count >= 5, "The README has lost its code.");
        foreach (string fence in fences)
            Assert.True(compiled.Contains(Normalize(fence)), $"This fence is in no file of tests/Snippets:\n{fence}");
    }

    [Fact]
    public void Every_snippet_is_in_the_README()
    {
        HashSet<string> fences = [.. Fences("csharp").Select(Normalize)];
        Assert.All(Regions(), region => Assert.Contains(region, fences));
    }

    [Fact]
    public void The_two_commands_are_there()
    {
        string shell = string.Join("\n", Fences("sh"));
        Assert.Contains("dotnet run --project src/Sprig.Cli -c Release -- demo", shell, StringComparison.Ordinal);
        Assert.Contains("dotnet test Runtime.sln", shell, StringComparison.Ordinal);
        Assert.Contains("dotnet test Runtime.sln", Repository.Read(".ci/run"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Fences(string language)
        => Markdown.Parse(Repository.Read("README.md"))
            .Descendants<FencedCodeBlock>()
            .Where(fence => fence.Info == language)
            .Select(fence => fence.Lines.ToString());

    private static IEnumerable<string> Regions()
        => RegionPattern().Matches(Repository.Read("tests/Snippets/Fragments.cs")).Select(match => Normalize(match.Groups[1].Value));

    // Indentation of the region as a whole is not the reader's business.
    private static string Normalize(string code)
    {
        string[] lines = code.ReplaceLineEndings("\n").Trim('\n').Split('\n');
        int indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join("\n", lines.Select(line => line.Length >= indent ? line[indent..].TrimEnd() : "")).Trim();
    }

    [GeneratedRegex(@"#region \w+\n(.*?)\n\s*#endregion", RegexOptions.Singleline)]
    private static partial Regex RegionPattern();
}
