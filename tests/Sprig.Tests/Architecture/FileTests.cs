using System.Text.RegularExpressions;
using Xunit;

namespace Sprig.Tests.ArchitectureRules;

public partial class FileTests
{
    private const int MaximumLines = 200;

    [Fact]
    public void The_source_files_are_found()
        => Assert.Contains("src/Sprig/Polling/Epoll.cs", Repository.SourceFiles);

    [Fact]
    public void A_source_file_has_at_most_200_lines()
    {
        IEnumerable<string> tooLong = CodeFiles()
            .Select(file => (File: file, Lines: File.ReadLines(Path.Combine(Repository.Root, file)).Count()))
            .Where(one => one.Lines > MaximumLines)
            .Select(one => $"{one.File}: {one.Lines} lines");
        AssertNone(tooLong, $"Longer than {MaximumLines} lines");
    }

    [Fact]
    public void Only_floor_0_says_unsafe()
    {
        string[] unsafeFiles = [.. CodeFiles().Where(file => UnsafeWord().IsMatch(WithoutComments(Repository.Read(file))))];
        // Floor 0 does say it: the pattern finds what it is to find.
        Assert.Contains("src/Sprig/Linux/Libc.cs", unsafeFiles);
        AssertNone(unsafeFiles.Where(file => !file.StartsWith("src/Sprig/Linux/", StringComparison.Ordinal)), "Unsafe outside src/Sprig/Linux");
    }

    [Theory]
    [InlineData("internal static unsafe class X", true)]
    [InlineData("unsafe { }", true)]
    [InlineData("// not unsafe", false)]
    [InlineData("/// <summary>unsafe</summary>", false)]
    [InlineData("token.UnsafeRegister(x)", false)]
    [InlineData("/* unsafe */ int x;", false)]
    public void Unsafe_is_found_as_a_word_of_code(string code, bool found)
        => Assert.Equal(found, UnsafeWord().IsMatch(WithoutComments(code)));

    [Fact]
    public void The_top_level_holds_only_what_belongs_there()
    {
        string[] names = Repository.TopLevel();
        Assert.Contains("Runtime.sln", names);
        Assert.Contains("src", names);
        AssertNone(names.Where(name => !BelongsAtTheTop(name)), "Does not belong at the top level");
    }

    [Fact]
    public void Where_there_is_no_git_what_a_test_run_leaves_behind_is_passed_over()
    {
        Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults"));
        string[] names = Repository.TopFolder();
        Assert.Contains("Runtime.sln", names);
        Assert.DoesNotContain("TestResults", names);
    }

    [Theory]
    [InlineData("hardware", true)]
    [InlineData("deploy.sh", true)]
    [InlineData(".editorconfig", true)]
    [InlineData("Directory.Packages.props", true)]
    [InlineData("Directory.Build.targets", false)]
    [InlineData("docs", false)]
    [InlineData("README.txt", false)]
    [InlineData("Other.sln", false)]
    public void What_belongs_at_the_top_is_told_from_what_does_not(string name, bool belongs)
        => Assert.Equal(belongs, BelongsAtTheTop(name));

    [Theory]
    [InlineData("NotImplemented" + "Exception")]
    [InlineData("TO" + "DO")]
    public void Nothing_under_src_is_left_for_later(string word)
    {
        Regex whole = new($@"\b{word}\b");
        AssertNone(Repository.SourceFiles.Where(file => whole.IsMatch(Repository.Read(file))), $"Says {word}");
    }

    private static IEnumerable<string> CodeFiles() => Repository.SourceFiles.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    private static bool BelongsAtTheTop(string name)
        => name is "src" or "tests" or "hardware" or "Runtime.sln" or "deploy.sh" or "README.md" or "global.json" or "LICENSE" or "CHANGELOG.md"
            || name.StartsWith('.')
            || (name.StartsWith("Directory.", StringComparison.Ordinal) && name.EndsWith(".props", StringComparison.Ordinal));

    private static string WithoutComments(string code) => Comment().Replace(code, " ");

    private static void AssertNone(IEnumerable<string> offenders, string what)
    {
        string[] all = [.. offenders];
        Assert.True(all.Length == 0, $"{what}: {string.Join(", ", all)}.");
    }

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeWord();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
